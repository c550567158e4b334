"""The Lambda@Edge functions of a stack as AWS has them: versions, the distributions that name these, and logs.

They are found by the function's tag, also when nothing else is left of the stack.
"""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from ops.clients import REFUSALS, Clients

HOME = "us-east-1"
"""Of every Lambda@Edge function, and of the services that are global."""

_TAG = "antipodes:domain"
_AT_ONCE = 8  # regions that are asked for logs
_GONE = {"ResourceNotFoundException"}


@dataclass(frozen=True)
class EdgeFunction:
    """A function of the stack's edge.

    Attributes:
        name: its physical name.
        versions: its published versions, the oldest first.
        named: those of them that a distribution names, whoever's that is.
        logs: the AWS regions that hold a log group of it.
        unseen: the AWS regions that did not tell whether they do.
    """

    name: str
    versions: tuple[str, ...]
    named: frozenset[str] = frozenset()
    logs: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def unused(self) -> tuple[str, ...]:
        """The versions that no distribution names, but for the newest, which the next deployment step may name."""
        return tuple(version for version in self.versions[:-1] if version not in self.named)


def log_group(function: str) -> str:
    """The name that the logs of an edge function have in every region that ran it.

    "Edge function logs" in the Amazon CloudFront Developer Guide.
    """
    return f"/aws/lambda/{HOME}.{function}"


def tagged(clients: Clients, domain: str) -> tuple[str, ...]:
    """The names of the functions of the stack with this domain, whether or not there still is a stack.

    Raises:
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError: AWS does not tell them.
    """
    pages = (
        clients("resourcegroupstaggingapi", HOME)
        .get_paginator("get_resources")
        .paginate(TagFilters=[{"Key": _TAG, "Values": [domain]}], ResourceTypeFilters=["lambda:function"])
    )
    arns = [each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]]
    return tuple(sorted(arn.rpartition(":")[2] for arn in arns))


def read(clients: Clients, name: str, named: Collection[str]) -> EdgeFunction | None:
    """The function with its versions; None where it is gone, of which the tags' index learns later."""
    pages = clients("lambda", HOME).get_paginator("list_versions_by_function").paginate(FunctionName=name)
    try:
        versions = [each["Version"] for page in pages for each in page["Versions"]]
    except ClientError as error:
        if is_gone(error):
            return None
        raise
    numbers = sorted((version for version in versions if version.isdigit()), key=int)
    return EdgeFunction(name, tuple(numbers), frozenset(each for each in numbers if f"{name}:{each}" in named))


def named(clients: Clients) -> frozenset[str]:
    """`<function>:<version>` of all that the account's distributions name."""
    pages = clients("cloudfront", HOME).get_paginator("list_distributions").paginate()
    distributions = [each for page in pages for each in page["DistributionList"].get("Items", [])]
    behaviours = [each for every in distributions for each in (every["DefaultCacheBehavior"], *_of(every))]
    associations = (behaviour.get("LambdaFunctionAssociations", {}).get("Items", []) for behaviour in behaviours)
    arns = [association["LambdaFunctionARN"] for each in associations for association in each]
    return frozenset(arn.partition(":function:")[2] for arn in arns)


def _of(distribution: Mapping[str, Any]) -> Sequence[Any]:
    items: Sequence[Any] = distribution.get("CacheBehaviors", {}).get("Items", [])
    return items


def regions(clients: Clients) -> tuple[str, ...]:
    """The AWS regions that the account may use; replicas run in those near viewers, which AWS does not list."""
    pages = (
        clients("account", HOME)
        .get_paginator("list_regions")
        .paginate(RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"])
    )
    return tuple(sorted(region["RegionName"] for page in pages for region in page["Regions"]))


def with_logs(clients: Clients, function: EdgeFunction, regions: Sequence[str]) -> EdgeFunction:
    """The function with those of the regions that hold logs of it, and those that do not tell."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        answers = list(pool.map(lambda region: _has_logs(clients, function, region), regions))
    logs = [region for region, has in zip(regions, answers, strict=True) if has]
    unseen = [region for region, has in zip(regions, answers, strict=True) if has is None]
    return replace(function, logs=tuple(logs), unseen=tuple(unseen))


def _has_logs(clients: Clients, function: EdgeFunction, region: str) -> bool | None:
    """Whether the region has logs of the function; None where it does not tell."""
    try:
        pages = (
            clients("logs", region)
            .get_paginator("describe_log_groups")
            .paginate(logGroupNamePrefix=log_group(function.name))
        )
        return any(group["logGroupName"] == log_group(function.name) for page in pages for group in page["logGroups"])
    except REFUSALS:
        return None


def is_gone(error: ClientError) -> bool:
    """Whether AWS says that there is no such thing."""
    return error.response["Error"]["Code"] in _GONE
