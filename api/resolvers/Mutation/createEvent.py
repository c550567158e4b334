import uuid
from typing import Any

from api.tables import table


def resolve(context: dict[str, Any]) -> dict[str, Any]:
    event = {"id": str(uuid.uuid4()), **context["arguments"]}
    table("events").put_item(Item=event)
    return event
