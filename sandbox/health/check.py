"""A health check as Route 53 holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEFAULT_INTERVAL = 30  # seconds ("HealthCheckConfig" in the Route 53 API Reference)
DEFAULT_THRESHOLD = 3

# Three of the places that Route 53 has: AWS asks from no fewer.
_PLACES = ("ap-southeast-1", "eu-west-1", "us-east-1")


@dataclass(frozen=True)
class Endpoint:
    """A host that is asked for a path over HTTPS every `interval` seconds from each of `places`.

    `threshold` results in a row change what a place thinks of it. `sni` says whether its name is told in the handshake.
    """

    host: str
    port: int = 443
    path: str = "/"
    interval: int = DEFAULT_INTERVAL
    threshold: int = DEFAULT_THRESHOLD
    sni: bool = True
    places: tuple[str, ...] = _PLACES


@dataclass(frozen=True)
class Alarm:
    """A CloudWatch alarm; `insufficient` is what its check is while the alarm lacks data."""

    region: str
    name: str
    insufficient: str = "LastKnownStatus"


@dataclass(frozen=True)
class Calculation:
    """Health checks of which at least `threshold` must be healthy."""

    children: tuple[str, ...]
    threshold: int


@dataclass(frozen=True)
class HealthCheck:
    """What is checked, and what becomes of the result: a disabled check passes, an inverted one is the contrary."""

    id: str
    of: Endpoint | Alarm | Calculation
    inverted: bool = False
    disabled: bool = False


def health_check(held: Mapping[str, Any]) -> HealthCheck | None:
    """The check that ListHealthChecks holds like this; None for a kind that is not emulated."""
    settings = held["HealthCheckConfig"]
    of: Endpoint | Alarm | Calculation
    match settings["Type"]:
        case "HTTPS" if "FullyQualifiedDomainName" in settings and "IPAddress" not in settings:
            of = Endpoint(
                host=settings["FullyQualifiedDomainName"].rstrip(".").lower(),
                port=settings.get("Port", 443),
                path=settings.get("ResourcePath") or "/",
                interval=settings.get("RequestInterval", DEFAULT_INTERVAL),
                threshold=settings.get("FailureThreshold", DEFAULT_THRESHOLD),
                sni=settings.get("EnableSNI", True),
                places=tuple(settings.get("Regions") or _PLACES),
            )
        case "CLOUDWATCH_METRIC":
            alarm = settings["AlarmIdentifier"]
            insufficient = settings.get("InsufficientDataHealthStatus", "LastKnownStatus")
            of = Alarm(alarm["Region"], alarm["Name"], insufficient)
        case "CALCULATED":
            of = Calculation(tuple(settings.get("ChildHealthChecks", ())), settings.get("HealthThreshold", 0))
        case _:
            return None
    return HealthCheck(held["Id"], of, settings.get("Inverted", False), settings.get("Disabled", False))
