"""What the program registers for the fan-out of each region."""

import json
from typing import Any

import pulumi
import pytest

from tests.program import recording
from tests.program.stacks import TWO, deployed


def mappings(region: str) -> list[dict[str, Any]]:
    found = deployed().of("aws:lambda/eventSourceMapping:EventSourceMapping")
    return [each.inputs for each in found if each.inputs["region"] == region]


def statements(key: str) -> dict[str, list[str]]:
    """Action -> resources of the function's policy."""
    policy = json.loads(deployed().named(f"{key}-fan-out-publish-policy").inputs["policy"])
    return {action: each["Resource"] for each in policy["Statement"] for action in each["Action"]}


def test_each_published_tables_stream_in_a_region_feeds_that_regions_function() -> None:
    tables = ("events", "comments")
    for key, region in TWO.items():
        function = deployed().named(f"{key}-fan-out-publish-function")
        found = mappings(region)

        assert function.inputs["region"] == region
        assert {each["functionName"] for each in found} == {f"{function.name}-0123456"}
        streams = {each["eventSourceArn"].rpartition("/")[0] for each in found}
        assert streams == {f"arn:aws:dynamodb:{region}:123456789012:table/example.com.{name}/stream" for name in tables}


def test_a_replica_without_a_stream_is_refused_with_the_way_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        recording, "stream_arn", lambda region, table: "" if region == "ap-southeast-2" else f"a/{table}/{region}"
    )

    with pytest.raises(pulumi.RunError, match="has no stream in ap-southeast-2, so subscribers there") as caught:
        recording.deploy(recording.config(TWO, hostedZone="create"))

    assert "aws dynamodb update-table --stream-specification" in str(caught.value)


def test_a_batch_comes_back_from_its_failed_record_on_and_not_for_ever() -> None:
    for mapping in mappings("eu-west-1"):
        assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["bisectBatchOnFunctionError"] is True
        assert mapping["startingPosition"] == "LATEST"
        assert 0 < mapping["maximumRetryAttempts"] <= 10_000
        assert 60 <= mapping["maximumRecordAgeInSeconds"] <= 24 * 3600  # a stream keeps no record longer
        assert mapping["destinationConfig"] == {
            "onFailure": {"destinationArn": "arn:aws:test:::ireland-fan-out-letters-queue"}
        }


def test_the_function_may_read_its_streams_call_the_publish_mutations_and_write_letters_and_nothing_else() -> None:
    found = statements("sydney")
    streams = sorted(mapping["eventSourceArn"] for mapping in mappings("ap-southeast-2"))

    for action in ("DescribeStream", "GetRecords", "GetShardIterator"):
        assert sorted(found.pop(f"dynamodb:{action}")) == streams
    assert sorted(found.pop("dynamodb:ListStreams")) == [f"{stream.rpartition('/')[0]}/*" for stream in streams]
    assert found.pop("sqs:SendMessage") == ["arn:aws:test:::sydney-fan-out-letters-queue"]
    fields = ("publishComment", "publishEventChanged", "publishEventCreated", "publishEventDeleted")
    assert found.pop("appsync:GraphQL") == [
        f"arn:aws:test:::sydney-api/types/Mutation/fields/{each}" for each in fields
    ]
    assert set(found) == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }


def test_the_function_calls_its_own_regions_api_and_writes_to_its_own_queue() -> None:
    variables = deployed().named("sydney-fan-out-publish-function").inputs["environment"]["variables"]

    assert variables["GRAPHQL_URL"] == "https://sydney-api.appsync-api.ap-southeast-2.amazonaws.com/graphql"
    assert "sydney-fan-out-letters-queue" in variables["DEAD_LETTERS"]


def test_letters_are_encrypted_kept_for_two_weeks_and_raise_an_alarm() -> None:
    queues = deployed().of("aws:sqs/queue:Queue")
    alarms = [
        alarm
        for alarm in deployed().of("aws:cloudwatch/metricAlarm:MetricAlarm")
        if alarm.inputs.get("namespace") == "AWS/SQS"
    ]

    assert len(queues) == 2 * len(TWO)  # of the fan-out and of the bus
    for queue in queues:
        assert queue.inputs["sqsManagedSseEnabled"] is True
        assert queue.inputs["messageRetentionSeconds"] == 14 * 24 * 3600
    assert {alarm.inputs["dimensions"]["QueueName"] for alarm in alarms} == {f"{each.name}-0123456" for each in queues}
    for alarm in alarms:
        assert alarm.inputs["metricName"] == "ApproximateNumberOfMessagesVisible"
        assert (alarm.inputs["comparisonOperator"], alarm.inputs["threshold"]) == ("GreaterThanThreshold", 0)
        (topic,) = alarm.inputs["alarmActions"]
        assert topic in {f"arn:aws:test:::{key}-notifications-topic" for key in TWO}


def test_publish_mutations_write_nothing() -> None:
    resolvers = [
        each.inputs
        for each in deployed().of("aws:appsync/resolver:Resolver")
        if each.inputs["field"].startswith("publish") and each.inputs["region"] == "eu-west-1"
    ]

    assert len(resolvers) == 4
    assert deployed().named("ireland-publications").inputs["type"] == "NONE"
    for resolver in resolvers:
        assert resolver["dataSource"] == "publications"
        assert resolver["runtime"] == {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
        assert "export function request" in resolver["code"]


def test_the_api_takes_signatures_besides_tokens() -> None:
    api = deployed().named("ireland-api").inputs

    assert api["authenticationType"] == "AWS_LAMBDA"
    assert api["additionalAuthenticationProviders"] == [{"authenticationType": "AWS_IAM"}]
