"""What CloudFront refuses in a distribution's configuration, and the emulator takes."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sandbox.extensions.call import AwsError, Call, Upstream

# "General quotas on distributions" in the CloudFront Developer Guide.
_MOST_HEADERS = 10
_LONGEST_NAME = 256
_LONGEST_VALUE = 1783
_LARGEST_HEADERS = 10_240

# "Custom headers that CloudFront can't add to origin requests" in the CloudFront Developer Guide.
_NOT_FOR_ORIGINS = {
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "request-range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-real-ip",
}
_PREFIXES_NOT_FOR_ORIGINS = ("x-amz-", "x-edge-")


async def refuse_distribution(call: Call, upstream: Upstream) -> None:
    """Refuses custom headers and functions that no distribution can have."""
    config = call.parameters.get("DistributionConfigWithTags", call.parameters).get("DistributionConfig", {})
    for origin in items(config.get("Origins")):
        _check_headers(origin["Id"], items(origin.get("CustomHeaders")))
    for behaviour in behaviours(config):
        await _check_functions(items(behaviour.get("FunctionAssociations")), call, upstream)


def _check_headers(origin: str, headers: list[Any]) -> None:
    """Raises `AwsError` with the first rule that the origin's custom headers break; no message holds a value."""
    if len(headers) > _MOST_HEADERS:
        raise AwsError(
            "TooManyOriginCustomHeaders",
            f"The origin {origin} has {len(headers)} custom headers; an origin may have {_MOST_HEADERS}.",
        )
    named = Counter(header["HeaderName"].lower() for header in headers)
    size = sum(len(header["HeaderName"]) + len(header["HeaderValue"]) for header in headers)
    for header in headers:
        name, length = header["HeaderName"], len(header["HeaderValue"])
        for is_broken, rule in (
            (named[name.lower()] > 1, "is given twice"),
            (name.lower() in _NOT_FOR_ORIGINS, "cannot be added to origin requests"),
            (name.lower().startswith(_PREFIXES_NOT_FOR_ORIGINS), "cannot be added to origin requests"),
            (len(name) > _LONGEST_NAME, f"has a name of more than {_LONGEST_NAME} characters"),
            (length > _LONGEST_VALUE, f"has a value of {length} characters, and may have {_LONGEST_VALUE}"),
        ):
            if is_broken:
                raise AwsError("InvalidArgument", f"The custom header {name[:_LONGEST_NAME]} of {origin} {rule}.")
    if size > _LARGEST_HEADERS:
        raise AwsError(
            "InvalidArgument",
            f"The custom headers of {origin} have {size} characters, names and values, and may have "
            f"{_LARGEST_HEADERS}.",
        )


async def _check_functions(associations: list[Any], call: Call, upstream: Upstream) -> None:
    """Each event has one function at most, and that one is published ("Associate functions with distributions")."""
    events = Counter(association["EventType"] for association in associations)
    for association in associations:
        event, arn = association["EventType"], association["FunctionARN"]
        if events[event] > 1:
            raise AwsError("InvalidFunctionAssociation", f"There are {events[event]} functions on {event}.")
        try:
            await upstream(call.scope, "DescribeFunction", Name=arn.rpartition("/")[2], Stage="LIVE")
        except AwsError as error:
            if error.code != "NoSuchFunctionExists":
                raise
            raise AwsError("InvalidFunctionAssociation", f"No function {arn} is in the LIVE stage.") from error


def behaviours(config: Mapping[str, Any]) -> list[Any]:
    """The cache behaviours of a distribution's configuration, the default one first."""
    return [config.get("DefaultCacheBehavior", {}), *items(config.get("CacheBehaviors"))]


def items(counted: Any) -> list[Any]:
    """The members of CloudFront's {"Quantity", "Items"}, which may be missing altogether."""
    return list((counted or {}).get("Items") or [])
