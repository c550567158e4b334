import time
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from ops import logs
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.logs import Source, edge_sources, follow, read, sources
from tests.ops.conftest import without
from tests.sandbox.embedded import package

ROUTER = "edge-router"
OUTPUTS: dict[str, Any] = {
    "router": "lambda",
    "edgeRouter": {"function": ROUTER, "version": f"arn:{ROUTER}:1"},
    "functions": {"ireland": {"resolvers": "ireland-resolvers"}, "sydney": {"resolvers": "sydney-resolvers"}},
    "fanOut": {"ireland": {"function": "ireland-fan-out"}},
    "apis": {"ireland": {"id": "api-1"}, "sydney": {"id": "api-2"}},
}
NOW = round(time.time() * 1000)


@pytest.fixture
def stack(deployment: Deployment) -> Deployment:
    return replace(deployment, outputs={**deployment.outputs, **OUTPUTS})


def wrote(stack: Deployment, region: str, group: str, *events: tuple[int, str]) -> None:
    """Each event is its milliseconds before now, and its message."""
    api = stack.clients("logs", region)
    for create in (api.create_log_group, lambda **name: api.create_log_stream(**name, logStreamName="s")):
        try:
            create(logGroupName=group)
        except api.exceptions.ResourceAlreadyExistsException:
            continue
    found = [{"timestamp": NOW - ago, "message": message} for ago, message in sorted(events, reverse=True)]
    api.put_log_events(logGroupName=group, logStreamName="s", logEvents=found)


def function(stack: Deployment, region: str, name: str, group: str) -> None:
    stack.clients("lambda", region).create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/r",
        Handler="h.handler",
        Code={"ZipFile": package({"h.py": ""})},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": group},
    )


def test_the_router_may_log_wherever_cloudfront_runs_and_functions_where_they_are(stack: Deployment):
    assert sources(stack, ["us-east-1", "eu-west-1"]) == [
        Source("edge us-east-1", "us-east-1", ROUTER, "/aws/lambda/us-east-1.edge-router"),
        Source("edge eu-west-1", "eu-west-1", ROUTER, "/aws/lambda/us-east-1.edge-router"),
        Source("edge ap-southeast-2", "ap-southeast-2", ROUTER, "/aws/lambda/us-east-1.edge-router"),
        Source("ireland", "eu-west-1", "ireland-resolvers"),
        Source("ireland", "eu-west-1", "ireland-fan-out"),
        Source("ireland", "eu-west-1", "appsync", "/aws/appsync/apis/api-1"),
        Source("sydney", "ap-southeast-2", "sydney-resolvers"),
        Source("sydney", "ap-southeast-2", "appsync", "/aws/appsync/apis/api-2"),
    ]


def test_one_region_is_all_that_is_asked_where_only_that_is_wanted(stack: Deployment):
    assert {source.place for source in sources(stack, ["us-east-1"], "sydney")} == {"sydney"}
    with pytest.raises(OperationError, match=r"'tokyo' is no region .* ireland, sydney"):
        sources(stack, [], "tokyo")


def test_the_edge_alone_is_asked_where_only_that_is_wanted(stack: Deployment):
    places = {source.place for source in edge_sources(stack, ["sa-east-1"])}

    assert places == {"edge sa-east-1", "edge eu-west-1", "edge ap-southeast-2"}


def test_lines_of_all_places_come_in_the_order_of_time(stack: Deployment):
    wrote(stack, "sa-east-1", "/aws/lambda/us-east-1.edge-router", (3000, "routed\n"), (1000, "routed again"))
    wrote(stack, "ap-southeast-2", "/aws/appsync/apis/api-2", (2000, "resolved"))
    function(stack, "eu-west-1", "ireland-resolvers", "its-own-group")
    wrote(stack, "eu-west-1", "its-own-group", (1500, "answered"))

    found = read(stack, sources(stack, ["sa-east-1"]), NOW - 60_000)

    assert [(line.place, line.source, line.message) for line in found.lines] == [
        ("edge sa-east-1", ROUTER, "routed"),
        ("sydney", "appsync", "resolved"),
        ("ireland", "ireland-resolvers", "answered"),
        ("edge sa-east-1", ROUTER, "routed again"),
    ]
    assert found.unread == {}  # a group that is not there is one of which nothing has run


def test_what_is_older_or_says_something_else_is_left_out(stack: Deployment):
    where = [Source("ireland", "eu-west-1", "appsync", "left-out")]
    wrote(stack, "eu-west-1", "left-out", (90_000, "ERROR before"), (2000, "ERROR now"), (1000, "fine"))

    assert [line.message for line in read(stack, where, NOW - 60_000, "ERROR").lines] == ["ERROR now"]


def test_metrics_that_are_written_as_lines_are_no_lines(stack: Deployment):
    where = [Source("ireland", "eu-west-1", "health", "metrics")]
    metric = '{"_aws": {"Timestamp": 1, "CloudWatchMetrics": []}, "Healthy": 1}'
    wrote(stack, "eu-west-1", "metrics", (2000, metric), (1000, '{"level": "INFO", "message": "told"}'))

    assert [line.message for line in read(stack, where, NOW - 60_000).lines] == ['{"level": "INFO", "message": "told"}']


def test_a_region_that_does_not_answer_is_named_and_the_others_are_read(stack: Deployment):
    wrote(stack, "eu-west-1", "answers", (1000, "here"))
    where = [Source("ireland", "eu-west-1", "a", "answers"), Source("sydney", "ap-southeast-2", "b", "silent")]

    found = read(without(stack, "ap-southeast-2"), where, NOW - 60_000)

    assert [line.message for line in found.lines] == ["here"]
    assert [source.name for source in found.unread] == ["b"]


def test_what_is_followed_is_told_once_even_if_it_comes_late(stack: Deployment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logs, "_PAUSE", 0)
    where = [Source("ireland", "eu-west-1", "a", "followed")]
    wrote(stack, "eu-west-1", "followed", (2000, "first"))
    following = follow(stack, where, NOW - 60_000)

    told = [[line.message for line in each.lines] for each in islice(following, 2)]
    wrote(stack, "eu-west-1", "followed", (5000, "late"), (1000, "second"))
    told += [[line.message for line in each.lines] for each in islice(following, 2)]

    assert told == [["first"], [], ["late", "second"], []]
