from typing import Any

from ulid import ULID

from api.tables import table


def resolve(context: dict[str, Any]) -> dict[str, Any]:
    comment = {"commentId": str(ULID()), **context["arguments"]}
    table("comments").put_item(Item=comment)
    return comment
