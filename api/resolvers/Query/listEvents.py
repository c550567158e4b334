from typing import Any

from api import pages
from api.filters import condition
from api.tables import table


def resolve(context: dict[str, Any]) -> dict[str, Any]:
    arguments = context["arguments"]
    wanted = condition(arguments.get("filter"))
    return pages.read(table("events").scan, arguments, **({"FilterExpression": wanted} if wanted else {}))
