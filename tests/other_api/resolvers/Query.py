from typing import Any

from boto3.dynamodb.conditions import Key

from api.tables import table


def poll(context: dict[str, Any]) -> Any:
    return table("polls").get_item(Key={"slug": context["arguments"]["slug"]}).get("Item")


def votesOf(context: dict[str, Any]) -> Any:  # noqa: N802 - the schema's name
    wanted = Key("voter").eq(context["arguments"]["voter"])
    return table("votes").query(IndexName="by_voter", KeyConditionExpression=wanted)["Items"]
