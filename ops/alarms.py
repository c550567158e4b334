"""The alarms of a region that are raised, and which of them take it out of rotation."""

from ops.clients import REFUSALS
from ops.deployment import Deployment


def raised(deployment: Deployment, key: str) -> tuple[str, ...] | None:
    """The kinds of the region's alarms that are raised; None where its CloudWatch does not tell."""
    kinds = {name: kind for kind, name in deployment.outputs.get("alarms", {}).get(key, {}).items()}
    if not kinds:
        return ()
    try:
        answer = deployment.clients("cloudwatch", deployment.regions[key]).describe_alarms(
            AlarmNames=list(kinds), AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM"
        )
    except REFUSALS:
        return None
    found = [*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())]
    return tuple(sorted(kinds[alarm["AlarmName"]] for alarm in found))


def heeded(deployment: Deployment, key: str) -> tuple[str, ...]:
    """The kinds of those that Route 53 heeds."""
    return tuple(deployment.outputs.get("healthChecks", {}).get(key, {}).get("alarms", ()))
