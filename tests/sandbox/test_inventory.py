"""What the embedded AWS is said to hold, against the real emulator."""

from pathlib import Path

import pytest

from sandbox.inventory import list_resources
from tests.sandbox.embedded import package
from tests.sandbox.provider.embedded_aws import embedded_aws

REGION = "ap-southeast-2"


def test_what_there_is_is_told_with_its_region_until_it_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sandbox.inventory.REGIONS", ("eu-west-1", REGION))  # clients for all take seconds
    with embedded_aws(tmp_path) as engine:
        assert list_resources(engine.clients.endpoint) == []
        queues, alarms, events, functions, tables = (
            engine.clients(service, REGION) for service in ("sqs", "cloudwatch", "events", "lambda", "dynamodb")
        )
        queue = queues.create_queue(QueueName="letters")["QueueUrl"]
        stream = tables.create_table(
            TableName="notes",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        )["TableDescription"]["LatestStreamArn"]
        alarms.put_metric_alarm(
            AlarmName="letters",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
        )
        events.create_event_bus(Name="partners")
        for bus in ("default", "partners"):
            events.put_rule(Name="announced", EventBusName=bus, EventPattern='{"source": ["com.example"]}')
        function = functions.create_function(
            FunctionName="fan-out",
            Runtime="python3.13",
            Role="arn:aws:iam::000000000000:role/r",
            Handler="h.handler",
            Code={"ZipFile": package({"h.py": "def handler(event, context): pass"})},
        )["FunctionArn"]
        mapping = functions.create_event_source_mapping(
            EventSourceArn=stream, FunctionName="fan-out", StartingPosition="LATEST", Enabled=False
        )["UUID"]

        cloudfront = engine.clients("cloudfront")
        settings = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
        code = b"function handler(event) { return event.request }"
        viewed = cloudfront.create_function(Name="place", FunctionConfig=settings, FunctionCode=code)
        cloudfront.publish_function(Name="place", IfMatch=viewed["ETag"])
        store = cloudfront.create_key_value_store(Name="distances")

        assert list_resources(engine.clients.endpoint) == [
            "cloudfront: function place",
            "cloudfront: key value store distances",
            f"cloudwatch {REGION}: letters",
            f"dynamodb {REGION}: notes",
            f"events {REGION}: rule default/announced",
            f"events {REGION}: event bus partners",
            f"events {REGION}: rule partners/announced",
            f"lambda {REGION}: fan-out",
            f"lambda {REGION}: event source mapping {stream} to {function}",
            f"sqs {REGION}: {queue}",
        ]

        cloudfront.delete_function(Name="place", IfMatch=viewed["ETag"])
        cloudfront.delete_key_value_store(Name="distances", IfMatch=store["ETag"])
        functions.delete_event_source_mapping(UUID=mapping)
        tables.delete_table(TableName="notes")
        functions.delete_function(FunctionName="fan-out")
        for bus in ("default", "partners"):
            events.delete_rule(Name="announced", EventBusName=bus)
        events.delete_event_bus(Name="partners")
        alarms.delete_alarms(AlarmNames=["letters"])
        queues.delete_queue(QueueUrl=queue)
        assert list_resources(engine.clients.endpoint) == []
