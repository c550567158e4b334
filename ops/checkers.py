"""What Route 53's checkers got when they last asked an endpoint, whatever their health check makes of it."""

from ops.clients import REFUSALS
from ops.deployment import Deployment

_BELIEVED = 0.18  # of the checkers ("How Amazon Route 53 determines whether a health check is healthy", its Guide)


class ApiError(Exception):
    """Route 53's API does not say."""


def get_ok(deployment: Deployment, check: str) -> bool | None:
    """Whether so many of a health check's checkers got the answer 200 that Route 53 believes it.

    Returns:
        None where none of them has reported yet.

    Raises:
        ApiError: Route 53's API does not say.
    """
    try:
        answer = deployment.clients("route53", "us-east-1").get_health_check_status(HealthCheckId=check)
    except REFUSALS as error:
        raise ApiError(str(error)) from None
    got = ["200" in report["StatusReport"]["Status"] for report in answer["HealthCheckObservations"]]
    return sum(got) / len(got) > _BELIEVED if got else None
