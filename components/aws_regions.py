"""AWS regions, and which of them have every service that a region of the API needs, by botocore's endpoint data."""

import re
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.regions import EndpointResolver

_SERVICES = {
    "appsync": "AppSync",
    "dynamodb": "DynamoDB",
    "events": "EventBridge",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "monitoring": "CloudWatch",
    "secretsmanager": "Secrets Manager",
    "sqs": "SQS",
    "streams.dynamodb": "DynamoDB Streams",
}

_WITHOUT_FUNCTION_URLS = {
    *("ap-east-2", "ap-south-2", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"),
    *("ca-west-1", "eu-central-2", "eu-south-2", "il-central-1", "me-central-1"),
}
"""Where Lambda has no function URLs, at which a region tells its health ("Creating and managing Lambda function URLs"
in the AWS Lambda Developer Guide): no endpoint data says so."""

STRONG_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)
"""The region sets of which a strongly consistent table takes three regions of one ("How DynamoDB global tables work"
in the Amazon DynamoDB Developer Guide, "Multi-Region strong consistency")."""


@cache
def known() -> frozenset[str]:
    """The regions of AWS's commercial partition; the others have no CloudFront that reaches the world."""
    return frozenset(_places())


@cache
def usable() -> frozenset[str]:
    """The regions where every needed service exists."""
    return frozenset(region for region in known() if not lacking(region))


def lacking(region: str) -> list[str]:
    """The names of the needed services that `region` does not have."""
    absent = [name for service, name in _SERVICES.items() if region not in _available(service)]
    return [*absent, "Lambda function URLs"] if region in _WITHOUT_FUNCTION_URLS else absent


def suggested_key(region: str) -> str:
    """A key for `region`, after its place: `ireland` for eu-west-1."""
    place = re.search(r"\((.+)\)", _places().get(region, ""))
    return re.sub(r"[^a-z]+", "-", place.group(1).lower()).strip("-") if place else region


@cache
def _endpoints() -> Any:
    # Not through a session: that would read the user's AWS profile and files, which have no say in this.
    return create_loader().load_data("endpoints")


@cache
def _available(service: str) -> frozenset[str]:
    return frozenset(EndpointResolver(_endpoints()).get_available_endpoints(service, "aws"))


@cache
def _places() -> dict[str, str]:
    """Region -> AWS's description of it, such as `Europe (Ireland)`."""
    commercial = next(partition for partition in _endpoints()["partitions"] if partition["partition"] == "aws")
    return {name: facts["description"] for name, facts in commercial["regions"].items()}
