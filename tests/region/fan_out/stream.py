"""Records as Lambda reads them from the stream of a table."""

from typing import Any

from region.fan_out.changes import Change

STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/example.com.things/stream/2026-01-01T00:00:00.000"
FIELD = "publishThing"
DOCUMENT = "mutation ($item: AWSJSON!) { publishThing(item: $item) { id } }"


def record(number: int, kind: str = "MODIFY", key: str = "a", **item: Any) -> dict[str, Any]:
    image = {"id": {"S": key}, **item}
    return {
        "eventID": f"event-{number}",
        "eventName": kind,
        "eventSourceARN": STREAM,
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1767225600.0,
            "Keys": {"id": {"S": key}},
            "SequenceNumber": str(100 + number),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **({} if kind == "INSERT" else {"OldImage": image}),
            **({} if kind == "REMOVE" else {"NewImage": image}),
        },
    }


def change(number: int, kind: str = "MODIFY", key: str = "a", **item: Any) -> Change:
    return Change(record(number, kind, key, **item), FIELD, DOCUMENT)
