"""What Lambda tells an on-failure destination of records that it gave up.

Source: AWS Lambda Developer Guide, "Retain discarded records for a DynamoDB event source in Lambda"; it gives the
document's form, and the condition of records that had no retry left. That of too old ones is known from elsewhere.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sandbox.streams.mapping import Mapping
from sandbox.streams.stream import SHARD, Record, sequence_number, written_at

EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"


def message(
    mapping: Mapping, records: Sequence[Record], *, condition: str, invocations: int, error: str | None, now: float
) -> str:
    """The document; `error` is how the function failed, None where it answered or was not invoked."""
    response = {"statusCode": 200, "executedVersion": "$LATEST"}
    if error is not None:
        response["functionError"] = error
    document = {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping.function_arn,
            "condition": condition,
            "approximateInvokeCount": invocations,
        },
        "responseContext": response,
        "version": "1.0",
        "timestamp": _time(now, "milliseconds"),
        "DDBStreamBatchInfo": {
            "shardId": SHARD,
            "startSequenceNumber": sequence_number(records[0]),
            "endSequenceNumber": sequence_number(records[-1]),
            "approximateArrivalOfFirstRecord": _time(written_at(records[0]), "seconds"),
            "approximateArrivalOfLastRecord": _time(written_at(records[-1]), "seconds"),
            "batchSize": len(records),
            "streamArn": mapping.stream_arn,
        },
    }
    return json.dumps(document)


def _time(seconds: float, precision: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec=precision).replace("+00:00", "Z")
