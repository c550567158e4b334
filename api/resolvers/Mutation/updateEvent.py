from typing import Any

from boto3.dynamodb.conditions import Attr

from api.tables import table


def resolve(context: dict[str, Any]) -> Any:
    changes = dict(context["arguments"])
    key = {"id": changes.pop("id")}
    events = table("events")
    if not changes:
        return events.get_item(Key=key).get("Item")
    # By placeholders: `name`, `when` and `where` are words of DynamoDB's own.
    names = {f"#{field}": field for field in changes}
    try:
        changed = events.update_item(
            Key=key,
            ConditionExpression=Attr("id").exists(),
            UpdateExpression="SET " + ", ".join(f"#{field} = :{field}" for field in changes),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={f":{field}": value for field, value in changes.items()},
            ReturnValues="ALL_NEW",
        )
    except events.meta.client.exceptions.ConditionalCheckFailedException:
        return None
    return changed["Attributes"]
