from typing import Any

from boto3.dynamodb.conditions import Key

from api import pages
from api.tables import table


def comments(context: dict[str, Any]) -> dict[str, Any]:
    """Oldest first, which is the order of their ids."""
    return pages.read(
        table("comments").query,
        context["arguments"],
        KeyConditionExpression=Key("eventId").eq(context["source"]["id"]),
    )
