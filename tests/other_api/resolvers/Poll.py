from typing import Any

from boto3.dynamodb.conditions import Key

from api.tables import table


def votes(context: dict[str, Any]) -> list[Any]:
    cast = _votes(context["source"]["slug"])
    choice = context["arguments"].get("choice")
    return [vote for vote in cast if choice is None or vote["choice"] == choice]


def tally(context: dict[str, Any]) -> dict[str, int]:
    choices = [vote["choice"] for vote in _votes(context["source"]["slug"])]
    return {"yes": choices.count("YES"), "no": choices.count("NO")}


def _votes(slug: str) -> list[Any]:
    found: list[Any] = table("votes").query(KeyConditionExpression=Key("slug").eq(slug))["Items"]
    return found
