from typing import Any

import pytest

from sandbox.extensions.call import AwsError
from sandbox.streams import mapping as mappings
from sandbox.streams.mapping import Mapping

STREAM = "arn:aws:dynamodb:eu-west-1:000000000000:table/example.localhost.events/stream/2026-11-21T00:00:00.000"
FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:fan-out"
QUEUE = "arn:aws:sqs:eu-west-1:000000000000:dead"


def made(**parameters: Any) -> Mapping:
    given = {"EventSourceArn": STREAM, "FunctionName": "fan-out", "StartingPosition": "LATEST"}
    return mappings.create("0" * 36, FUNCTION, given | parameters)


def test_a_mapping_has_lambdas_defaults():
    described = made().describe()
    assert described["BatchSize"] == 100
    assert described["MaximumBatchingWindowInSeconds"] == 0
    assert described["BisectBatchOnFunctionError"] is False
    assert described["MaximumRetryAttempts"] == described["MaximumRecordAgeInSeconds"] == -1
    assert described["FunctionResponseTypes"] == []
    assert described["DestinationConfig"] == {"OnFailure": {}}


def test_a_mapping_shows_what_it_was_given():
    given = {
        "BatchSize": 10,
        "MaximumBatchingWindowInSeconds": 1,
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 3,
        "MaximumRecordAgeInSeconds": 3600,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": QUEUE}},
        "ParallelizationFactor": 1,
    }
    described = made(**given).describe()
    assert {name: described[name] for name in given} == given
    assert described["EventSourceMappingArn"].startswith("arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:")


def test_a_change_leaves_what_it_does_not_name():
    before = made(BatchSize=10, DestinationConfig={"OnFailure": {"Destination": QUEUE}})
    after = before.changed({"UUID": before.uuid, "Enabled": False})
    assert (after.batch_size, after.destination, after.is_enabled) == (10, QUEUE, False)
    assert before.changed({"DestinationConfig": {"OnFailure": {"Destination": ""}}}).destination is None


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"EventSourceArn": QUEUE}, QUEUE),
        ({"StartingPosition": "AT_TIMESTAMP"}, "'AT_TIMESTAMP'"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "FilterCriteria"),
        ({"Tags": {"a": "b"}}, "Tags"),
        ({"ParallelizationFactor": 2}, "ParallelizationFactor"),
        ({"TumblingWindowInSeconds": 30}, "TumblingWindowInSeconds"),
        ({"BatchSize": 10_001}, "BatchSize is 10001"),
        ({"MaximumBatchingWindowInSeconds": 301}, "MaximumBatchingWindowInSeconds is 301"),
        ({"MaximumRecordAgeInSeconds": 59}, "at least 60"),
        ({"MaximumRetryAttempts": -2}, "MaximumRetryAttempts is -2"),
        ({"FunctionResponseTypes": ["Whatever"]}, "Whatever"),
        ({"DestinationConfig": {"OnSuccess": {"Destination": QUEUE}}}, "OnSuccess"),
        ({"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sns:eu-west-1:000000000000:t"}}}, "sns"),
    ],
)
def test_what_lambda_or_the_sandbox_does_not_take_is_refused_by_name(parameters: dict[str, Any], told: str):
    with pytest.raises(AwsError, match=told) as error:
        made(**parameters)
    assert error.value.code == "InvalidParameterValueException"
