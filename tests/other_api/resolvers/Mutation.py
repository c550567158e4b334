from typing import Any

from boto3.dynamodb.conditions import Attr

from api.tables import table


class PollExistsError(Exception):
    """Two polls cannot have one slug."""


def openPoll(context: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the schema's name
    poll: dict[str, Any] = dict(context["arguments"])
    polls = table("polls")
    try:
        polls.put_item(Item=poll, ConditionExpression=Attr("slug").not_exists())
    except polls.meta.client.exceptions.ConditionalCheckFailedException:
        raise PollExistsError(f"There is a poll {poll['slug']} already.") from None
    return poll


def vote(context: dict[str, Any]) -> dict[str, Any]:
    cast: dict[str, Any] = dict(context["arguments"])
    table("votes").put_item(Item=cast)
    return cast
