"""The stack `local`: the embedded AWS that it is deployed to."""

import os
from pathlib import Path
from typing import Any

from cli.errors import CommandError, UsageError
from cli.outputs import edges
from cli.project import Project
from geography import CITIES
from sandbox import folder, version
from sandbox.folder import Daemon, SandboxError
from sandbox.ports import DEFAULT_BASE, LOOPBACK, PortInUseError

STACK = "local"
DEFAULT_CITIES = ("London", "Melbourne", "New York", "Tokyo", "Sao Paulo", "Johannesburg")
_CONNECTIONS = "sandbox.json"


def require_known(cities: list[str]) -> None:
    """Raises `UsageError` for a city that the data set does not hold."""
    for city in cities:
        if city not in CITIES:
            near = [name for name in CITIES if name.lower().startswith(city.lower()[:3])]
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"no city {city!r} among the {len(CITIES)} of sandbox/data/city_region_rtt_ms.csv.{hint}")


def start(project: Project, cities: list[str]) -> Daemon:
    """The running sandbox of this checkout, started if there is none."""
    daemon = folder.running(project.sandbox)
    if daemon is not None:
        missing = [city for city in cities if city not in daemon.cities]
        if missing:
            raise CommandError(
                f"the sandbox runs without an edge location in {', '.join(missing)}. "
                "Edge locations are set when it starts: run `make down`, then `up` with these cities."
            )
        return daemon
    try:
        return folder.start(project.sandbox, _base_port(), cities or list(DEFAULT_CITIES))
    except (PortInUseError, SandboxError) as error:
        raise CommandError(str(error)) from None


def keep_off_proxies() -> None:
    """Nothing that talks to the sandbox, in this process or below it, may take the way through a proxy."""
    for name in ("NO_PROXY", "no_proxy"):
        others = os.environ.get(name)
        os.environ[name] = ",".join(filter(None, (others, LOOPBACK, "localhost")))


def require_running(project: Project) -> Daemon:
    daemon = folder.running(project.sandbox)
    if daemon is None:
        raise CommandError("the sandbox is not running. Start it with: make up")
    return daemon


def is_running(project: Project) -> bool:
    return folder.running(project.sandbox) is not None


def stop(project: Project) -> None:
    """Ends the sandbox; its logs stay until the next start."""
    (project.sandbox / _CONNECTIONS).unlink(missing_ok=True)
    try:
        folder.stop(project.sandbox)
    except SandboxError as error:
        raise CommandError(str(error)) from None


def backend(project: Project) -> Path:
    return project.sandbox / "state"


def advice(daemon: Daemon) -> str:
    """What to do where something fails and the sandbox is not this checkout's; else nothing."""
    if daemon.version == version.digest():
        return ""
    return "The sandbox was started by another version of this project, which may be why: make down, then make up."


def write_connections(project: Project, daemon: Daemon, outputs: dict[str, Any]) -> None:
    """Writes .sandbox/sandbox.json: how scripts and people reach what is up."""
    ports = daemon.ports
    folder.write_json(
        project.sandbox / _CONNECTIONS,
        {
            "aws_endpoint": daemon.ports.aws_endpoint,
            "ca": str((project.sandbox / daemon.ca).relative_to(project.root)),
            "dns": {region: f"{LOOPBACK}:{port}" for region, port in ports.dns.items()},
            "domain": outputs["domain"],
            "edges": edges(daemon, outputs),
            "regions": {
                key: f"https://{regional}:{ports.regions[outputs['regions'][key]]}"
                for key, regional in outputs["hosts"].items()
            },
        },
    )


def _base_port() -> int:
    text = os.environ.get("ANTIPODES_PORT", str(DEFAULT_BASE))
    if not text.isdigit() or not 1024 <= int(text) <= 65135:  # noqa: PLR2004 - the block's 400 ports end at 65535
        raise UsageError(f"ANTIPODES_PORT is {text!r}; it must be a number from 1024 to 65135 (a block of 400 ports).")
    return int(text)
