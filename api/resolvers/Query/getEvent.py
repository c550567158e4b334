from typing import Any

from api.tables import table


def resolve(context: dict[str, Any]) -> Any:
    return table("events").get_item(Key={"id": context["arguments"]["id"]}).get("Item")
