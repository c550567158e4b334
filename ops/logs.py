"""The logs of a stack from every place that writes some, in the order of time.

A region's functions and its AppSync API log in the region. The router logs wherever CloudFront ran it, in that region's
own group: "Testing and debugging Lambda@Edge functions" in the CloudFront Developer Guide.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ops import edge_functions
from ops.clients import REFUSALS
from ops.deployment import Deployment

_GLOBAL = "us-east-1"
_AT_ONCE = 32
_ABSENT = "ResourceNotFoundException"
_PAUSE = 2.0  # seconds between two looks at a log that is followed
_LATE = 30  # seconds that an event may take to be found: CloudWatch Logs tells nobody how long it takes


@dataclass(frozen=True)
class Source:
    """A function or API that logs, and where.

    Attributes:
        place: a region key; for what runs at the edge, `edge` and the AWS region.
        region: the AWS region that the log lies in.
        name: of the function, or of what else writes the log.
        group: the log group; empty for a function, whose own settings name it.
    """

    place: str
    region: str
    name: str
    group: str = ""


@dataclass(frozen=True, order=True)
class Line:
    """One event of a log: when, in milliseconds of the Unix epoch, where, and who says what."""

    time: int
    place: str
    source: str
    message: str
    id: str


@dataclass(frozen=True)
class Logs:
    """In the order of time. `unread` are the sources that could not be read, with the reason."""

    lines: tuple[Line, ...]
    unread: Mapping[Source, str]


def sources(deployment: Deployment, edges: Iterable[str], region: str | None = None) -> list[Source]:
    """All that log: the router in each of the AWS regions `edges`, and what runs in the stack's regions.

    Args:
        deployment: the stack.
        edges: AWS regions in which CloudFront may run the router.
        region: a key, to have nothing but what runs in that region.

    Raises:
        OperationError: there is no such region, or the deployment does not tell its functions.
        botocore.exceptions.ClientError: CloudFront does not say what it runs.
    """
    if region is not None:
        deployment.require(region)
        return list(_regional(deployment, region))
    return [*_edge(deployment, edges), *(each for key in deployment.regions for each in _regional(deployment, key))]


def edge_sources(deployment: Deployment, edges: Iterable[str]) -> list[Source]:
    """What runs at the edge alone; see `sources`."""
    return list(_edge(deployment, edges))


def _edge(deployment: Deployment, edges: Iterable[str]) -> Iterator[Source]:
    if deployment.outputs.get("router") == "function":
        name = _cloudfront_function(deployment)
        # "Edge function logs" in the CloudFront Developer Guide: wherever it runs, it logs there.
        yield Source("edge", _GLOBAL, name, f"/aws/cloudfront/function/{name}")
        return
    name = deployment.told("edgeRouter")["function"]
    for region in dict.fromkeys([*edges, *deployment.regions.values()]):
        yield Source(f"edge {region}", region, name, edge_functions.log_group(name))


def _cloudfront_function(deployment: Deployment) -> str:
    answer = deployment.clients("cloudfront", _GLOBAL).get_distribution(Id=deployment.told("distributionId"))
    behavior = answer["Distribution"]["DistributionConfig"]["DefaultCacheBehavior"]
    [association] = behavior["FunctionAssociations"]["Items"]
    return str(association["FunctionARN"]).rpartition("/")[2]


def _regional(deployment: Deployment, key: str) -> Iterator[Source]:
    region = deployment.regions[key]
    functions = [
        *deployment.told("functions")[key].values(),
        *([fan_out["function"]] if (fan_out := deployment.outputs.get("fanOut", {}).get(key)) else []),
    ]
    yield from (Source(key, region, name) for name in functions)
    yield Source(key, region, "appsync", f"/aws/appsync/apis/{deployment.told('apis')[key]['id']}")


def read(deployment: Deployment, where: Sequence[Source], since: int, text: str = "") -> Logs:
    """What they logged. A group that is not there is a function that has not run yet, and nothing is missing.

    Lines of CloudWatch's embedded metric format are left out: they are metrics, and there are many.

    Args:
        deployment: the stack.
        where: whose logs.
        since: the earliest time, in milliseconds of the Unix epoch.
        text: what a message must hold.
    """
    unread: dict[Source, str] = {}

    def lines(source: Source) -> list[Line]:
        try:
            found = _lines(deployment, source, since)
            return [line for line in found if text in line.message and not _is_metric(line.message)]
        except REFUSALS as error:
            unread[source] = str(error)
            return []

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        found = [line for each in pool.map(lines, where) for line in each]
    return Logs(tuple(sorted(found)), unread)


def follow(deployment: Deployment, where: Sequence[Source], since: int, text: str = "") -> Iterator[Logs]:
    """The same, and then for ever what comes after it, each line once."""
    seen: set[str] = set()
    while True:
        logs = read(deployment, where, since, text)
        fresh = tuple(line for line in logs.lines if line.id not in seen)
        yield Logs(fresh, logs.unread)
        newest = max((line.time for line in logs.lines), default=since)
        since = max(since, newest - _LATE * 1000)
        seen = {line.id for line in logs.lines if line.time >= since}
        time.sleep(_PAUSE)


def _lines(deployment: Deployment, source: Source, since: int) -> Iterator[Line]:
    try:
        group = source.group or _group_of(deployment, source)
        pages = deployment.clients("logs", source.region).get_paginator("filter_log_events")
        for page in pages.paginate(logGroupName=group, startTime=since):
            for event in page["events"]:
                yield Line(event["timestamp"], source.place, source.name, event["message"].rstrip(), event["eventId"])
    except ClientError as error:
        if error.response["Error"]["Code"] != _ABSENT:
            raise


def _is_metric(message: str) -> bool:
    """By "Specification: Embedded metric format" in the Amazon CloudWatch User Guide."""
    return message.startswith("{") and '"_aws"' in message and '"CloudWatchMetrics"' in message


def _group_of(deployment: Deployment, source: Source) -> str:
    functions: Any = deployment.clients("lambda", source.region)
    settings = functions.get_function_configuration(FunctionName=source.name).get("LoggingConfig", {})
    return str(settings.get("LogGroup") or f"/aws/lambda/{source.name}")
