"""Health checks: what Route 53 refuses and the emulator takes, and the reports of the checkers, which it lacks."""

from collections.abc import Callable, Collection
from typing import Any

from sandbox.extensions.call import AwsError, Call, Handler, Upstream
from sandbox.health.check import DEFAULT_INTERVAL, DEFAULT_THRESHOLD, health_check
from sandbox.health.checkers import Observation

_INTERVALS = (10, 30)
_THRESHOLDS = range(1, 11)
_OF_OTHERS = ("AlarmIdentifier", "ChildHealthChecks", "HealthThreshold", "InsufficientDataHealthStatus")
_CALCULATED = "CALCULATED"

Observations = Callable[..., Collection[Observation]]


def reports(observations: Observations) -> dict[tuple[str, str], Handler]:
    """The operations that tell what the checkers of an endpoint or an alarm saw.

    `observations` has them by the check's id, and with `of_failures` when each failed last.
    """

    def report(*, of_failures: bool) -> Handler:
        async def handle(call: Call, upstream: Upstream) -> dict[str, Any]:
            id_ = call.parameters["HealthCheckId"]
            held = (await upstream(call.scope, "GetHealthCheck", HealthCheckId=id_))["HealthCheck"]
            if held["HealthCheckConfig"]["Type"] == _CALCULATED:
                raise _invalid(f"{call.operation} tells nothing of a calculated health check, and {id_} is one.")
            seen = observations(id_, of_failures=of_failures)
            return {"HealthCheckObservations": [_reported(observation) for observation in seen]}

        return handle

    return {
        ("route53", "GetHealthCheckStatus"): report(of_failures=False),
        ("route53", "GetHealthCheckLastFailureReason"): report(of_failures=True),
    }


async def refuse_health_check(call: Call, upstream: Upstream) -> None:
    """Refuses a health check that Route 53 does not take, and one that the sandbox's checkers cannot do."""
    settings = call.parameters["HealthCheckConfig"]
    match settings["Type"]:
        case "HTTPS":
            _require_endpoint(settings)
        case "CALCULATED":
            if settings.get("HealthThreshold") is None:
                raise _invalid("Invalid parameter : Calculated health checks must have a health threshold specified.")
            await _require_children(call, upstream, settings.get("ChildHealthChecks", []))
        case "CLOUDWATCH_METRIC":
            if "AlarmIdentifier" not in settings:
                raise _invalid("Invalid parameter : CloudWatch metric health checks must have an alarm specified.")
    if health_check({"Id": "", "HealthCheckConfig": settings}) is None:
        raise _invalid(
            f"The sandbox does not emulate health checks of the type {settings['Type']} with these settings: its "
            "checkers ask a host by its name over HTTPS (HTTPS), watch alarms (CLOUDWATCH_METRIC) and calculate "
            "(CALCULATED)."
        )


async def refuse_update(call: Call, upstream: Upstream) -> None:
    """Refuses what could not have been created."""
    await _require_children(call, upstream, call.parameters.get("ChildHealthChecks", []))


async def refuse_deletion(call: Call, upstream: Upstream) -> None:
    """Refuses to delete what a calculated health check counts; a record keeps nobody from it, as on AWS."""
    id_ = call.parameters["HealthCheckId"]
    parents = [
        check["Id"]
        for check in await _all(call, upstream)
        if id_ in check["HealthCheckConfig"].get("ChildHealthChecks", [])
    ]
    if parents:
        listed = ", ".join(parents)
        raise _invalid(f"Health check {id_} is still referenced from parent health check(s): {listed}")


def _require_endpoint(settings: dict[str, Any]) -> None:
    foreign = [name for name in _OF_OTHERS if name in settings]
    if foreign:
        raise _invalid(f"Invalid parameter : Basic health checks must not have {', '.join(foreign)} specified.")
    if not (settings.get("FullyQualifiedDomainName") or settings.get("IPAddress")):
        raise _invalid("Invalid parameter : A health check of an endpoint must have a domain name or an IP address.")
    if settings.get("RequestInterval", DEFAULT_INTERVAL) not in _INTERVALS:
        raise _invalid(f"Invalid parameter : the request interval {settings['RequestInterval']} is not 10 or 30.")
    if settings.get("FailureThreshold", DEFAULT_THRESHOLD) not in _THRESHOLDS:
        raise _invalid(f"Invalid parameter : the failure threshold {settings['FailureThreshold']} is not in 1 to 10.")


async def _require_children(call: Call, upstream: Upstream, children: list[str]) -> None:
    missing = set(children) - {check["Id"] for check in await _all(call, upstream)} if children else None
    if missing:
        raise _invalid(f"Invalid parameter : there is no health check {', '.join(sorted(missing))}.")


async def _all(call: Call, upstream: Upstream) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    marker: dict[str, str] = {}
    while True:
        page = await upstream(call.scope, "ListHealthChecks", **marker)
        found += page["HealthChecks"]
        if not page.get("IsTruncated"):
            return found
        marker = {"Marker": page["NextMarker"]}


def _reported(observation: Observation) -> dict[str, Any]:
    report = {"Status": observation.status, "CheckedTime": observation.at}
    return {"Region": observation.place, "IPAddress": observation.address, "StatusReport": report}


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidInput", message, 400)
