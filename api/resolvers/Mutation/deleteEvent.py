from typing import Any

from boto3.dynamodb.conditions import Key

from api.tables import table


def resolve(context: dict[str, Any]) -> Any:
    event_id = context["arguments"]["id"]
    # Comments first: if this is cut short, the event is still there to be deleted again.
    _delete_comments(event_id)
    return table("events").delete_item(Key={"id": event_id}, ReturnValues="ALL_OLD").get("Attributes")


def _delete_comments(event_id: str) -> None:
    comments = table("comments")
    query: dict[str, Any] = {
        "KeyConditionExpression": Key("eventId").eq(event_id),
        "ProjectionExpression": "eventId, commentId",
    }
    with comments.batch_writer() as batch:
        while True:
            page = comments.query(**query)
            for key in page["Items"]:
                batch.delete_item(Key=key)
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
