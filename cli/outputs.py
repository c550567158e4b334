"""What the stack's outputs say, and where the sandbox serves it."""

from collections.abc import Mapping
from typing import Any

from sandbox.folder import Daemon


def public(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs without the token."""
    return {name: value for name, value in outputs.items() if name != "token"}


def host(outputs: Mapping[str, Any]) -> str:
    """The name of the global endpoint."""
    return str(outputs["url"]).removeprefix("https://").partition("/")[0]


def edges(daemon: Daemon, outputs: Mapping[str, Any]) -> dict[str, str]:
    """City -> the URL of the global endpoint at its edge location."""
    return {city: f"https://{host(outputs)}:{daemon.ports.edges[city]}" for city in daemon.cities}


def serving(outputs: Mapping[str, Any]) -> dict[str, str]:
    """Key -> AWS region of the regions that get requests."""
    drained = outputs.get("drained", ())
    return {key: region for key, region in outputs["regions"].items() if key not in drained}


def dial(outputs: Mapping[str, Any], key: str) -> float:
    """The percentage of its viewers that the region takes; the others go to the next nearest."""
    return float(outputs.get("dials", {}).get(key, 100))


def with_viewers(outputs: Mapping[str, Any]) -> dict[str, str]:
    """Key -> AWS region of the regions that viewers get; one with a dial of 0 may still be the one for writes."""
    return {key: region for key, region in serving(outputs).items() if dial(outputs, key)}


def by_location(outputs: Mapping[str, Any]) -> bool:
    """Whether a viewer's region follows from its edge location, and not from where the router runs."""
    return outputs.get("routing") == "location"
