"""What the program registers to show how regions are doing, and to tell of trouble."""

import json
from typing import Any

from geography import REGIONAL_EDGE_CACHES
from tests.program.stacks import TWO, deployed

TOPIC = "arn:aws:test:::ireland-notifications-topic"
STANDARD = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


def alarm(kind: str, stack: str = "2 regions") -> dict[str, Any]:
    return deployed(stack).named(f"ireland-alarms-{kind}").inputs


def test_what_route_53_heeds_is_on_one_metric_with_a_standard_statistic_and_tells_nobody_else() -> None:
    for kind in ("errors", "latency"):
        check = deployed().named(f"ireland-checks-alarm-{kind}").inputs

        assert check["cloudwatchAlarmName"] == alarm(kind)["name"] == f"example.com-ireland-{kind}"
        assert check["cloudwatchAlarmRegion"] == alarm(kind)["region"] == "eu-west-1"
        assert alarm(kind)["statistic"] in STANDARD
        assert alarm(kind)["period"] % 60 == 0
        assert "metricQueries" not in alarm(kind)
        assert alarm(kind)["alarmActions"] == []


def test_a_region_in_trouble_is_one_message() -> None:
    unhealthy = alarm("unhealthy")

    assert unhealthy["alarmName"] == "example.com-ireland-unhealthy"
    assert unhealthy["alarmRule"] == " OR ".join(
        f'ALARM("example.com-ireland-{kind}")' for kind in ("errors", "latency", "canary")
    )
    assert unhealthy["alarmActions"] == unhealthy["okActions"] == [TOPIC]


def test_a_region_whose_health_is_not_heard_of_any_more_is_news() -> None:
    canary = alarm("canary")

    assert canary["treatMissingData"] == "missing"
    assert canary["insufficientDataActions"] == [TOPIC]
    assert canary["dimensions"] == {"Domain": "example.com", "Region": "ireland"}


def test_each_region_is_watched_once_as_writer_and_once_as_reader() -> None:
    ways = set()
    for resource in deployed("5 regions").resources:
        if resource.name.endswith("-alarms-replication"):
            dimensions = [q["metric"]["dimensions"] for q in resource.inputs["metricQueries"] if "metric" in q]
            (receiver,) = {each["ReceivingRegion"] for each in dimensions}
            assert {each["TableName"] for each in dimensions} == {
                f"example.com.{table}" for table in ("antipodes-canary", "events", "comments")
            }
            ways.add((resource.inputs["region"], receiver))

    assert len(ways) == len({writer for writer, _ in ways}) == len({reader for _, reader in ways}) == 5


def test_without_other_copies_there_is_no_replication_to_watch() -> None:
    for deployment in (deployed("1 region"), deployed(data="regional")):
        assert not [each for each in deployment.resources if each.name.endswith("-alarms-replication")]


def test_a_topic_is_encrypted_with_a_key_that_cloudwatch_may_use_for_this_account() -> None:
    topic = deployed().named("ireland-notifications-topic").inputs
    key = deployed().named("ireland-notifications-key").inputs
    of_cloudwatch = json.loads(key["policy"])["Statement"][1]

    assert topic["kmsMasterKeyId"] == "arn:aws:test:::ireland-notifications-key"
    assert key["enableKeyRotation"] is True
    assert of_cloudwatch["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert of_cloudwatch["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_dashboards_are_documents_that_name_what_was_deployed() -> None:
    region = deployed().named("dashboards-ireland").inputs
    text = region["dashboardBody"]

    assert region["dashboardName"] == "example-com-ireland"
    for name in ("ireland-api-id", "ireland-resolvers-function-0123456", "ireland-fan-out-letters-queue-0123456"):
        assert name in text
    assert "ap-southeast-2" in deployed().named("dashboards-overview").inputs["dashboardBody"]
    assert len(json.loads(text)["widgets"]) > 10


def test_functions_of_regions_are_traced() -> None:
    for function in deployed().of("aws:lambda/function:Function"):
        is_edge = function.name == "edge-router-function"  # where Lambda@Edge takes no tracing
        assert function.inputs.get("tracingConfig") == (None if is_edge else {"mode": "Active"})


def test_no_log_is_kept_for_ever() -> None:
    groups = deployed().of("aws:cloudwatch/logGroup:LogGroup")
    of_router = {each.inputs["region"]: each.inputs["name"] for each in groups if each.name.startswith("edge-router")}

    assert {each.inputs["retentionInDays"] for each in groups} == {30}
    assert of_router == dict.fromkeys(REGIONAL_EDGE_CACHES, "/aws/lambda/us-east-1.edge-router-function-0123456")
    assert len(groups) == len(REGIONAL_EDGE_CACHES) + 5 * len(TWO)
