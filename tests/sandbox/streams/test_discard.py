import json

from sandbox.streams import discard
from sandbox.streams.mapping import Mapping

STREAM = "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:04:06.388"
MAPPING = Mapping("u", STREAM, "arn:aws:lambda:us-east-2:123456789012:function:myfunction", "LATEST")
AT = 1_573_689_799


def record(second: int) -> dict[str, object]:
    return {"dynamodb": {"SequenceNumber": f"{second * 1000:020d}{second:010d}"}}


def test_the_message_is_the_one_that_lambda_documents():
    found = json.loads(
        discard.message(
            MAPPING,
            [record(AT), record(AT + 1)],
            condition=discard.EXHAUSTED,
            invocations=3,
            error="Unhandled",
            now=AT + 30.717,
        )
    )
    assert found["requestContext"].pop("requestId")
    assert found == {
        "requestContext": {
            "functionArn": MAPPING.function_arn,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2019-11-14T00:03:49.717Z",
        "DDBStreamBatchInfo": {
            "shardId": "shardId-00000000000000000000-00000000",
            "startSequenceNumber": f"{AT * 1000:020d}{AT:010d}",
            "endSequenceNumber": f"{(AT + 1) * 1000:020d}{AT + 1:010d}",
            "approximateArrivalOfFirstRecord": "2019-11-14T00:03:19Z",
            "approximateArrivalOfLastRecord": "2019-11-14T00:03:20Z",
            "batchSize": 2,
            "streamArn": STREAM,
        },
    }


def test_a_function_that_was_not_invoked_or_answered_has_no_error():
    found = json.loads(
        discard.message(MAPPING, [record(AT)], condition=discard.TOO_OLD, invocations=0, error=None, now=AT + 90)
    )
    assert "functionError" not in found["responseContext"]
    assert found["requestContext"]["condition"] == "RecordAgeExceeded"
