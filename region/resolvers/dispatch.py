"""Which function resolves which field: a table made at deployment, looked up here."""

import importlib
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from .plain_json import plain
from .route import route

_OWN = "api."  # modules of the API itself
# Set by the JavaScript around a field (../invocations/resolver.js), which then gets the field's value in "value", or in
# "refusal" what the API says to the client. An exception would count as an error of the function, and a client that
# sends nonsense would make a sound region look broken to the alarm that Route 53 heeds.
_WRAPPED = "wrapped"


class InternalError(Exception):
    """What a client hears of a fault that is none of its business; the log holds the rest."""


class Dispatcher:
    """Calls resolvers by "Type.field".

    Args:
        table: "Type.field" to "module:function".
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def __call__(self, context: Mapping[str, Any]) -> Any:
        """The value of the field that the context asks for, in plain JSON.

        Raises:
            InternalError: in place of any exception but those that the API itself defines; their texts are written
                for clients, others may tell of tables and roles. Also where the value is none that JSON has: Lambda
                would tell clients so in Python's words.
            Exception: one that the API defines, where the field has no JavaScript around it.
        """
        asked = {name: value for name, value in context.items() if name != _WRAPPED}
        wrapped = len(asked) < len(context)
        info = asked["info"]
        field = f"{info['parentTypeName']}.{info['fieldName']}"
        try:
            value = plain(_function(self._table[field])(asked), field)
        except Exception as error:
            if type(error).__module__.startswith(_OWN):
                if wrapped:
                    return {"refusal": {"type": type(error).__name__, "message": str(error)}}
                raise
            print(f"{field} failed; route: {route(context)}", file=sys.stderr)  # noqa: T201 - Lambda's log
            traceback.print_exc()
            raise InternalError(f"{field} failed") from None
        return {"value": value} if wrapped else value


@cache
def _function(path: str) -> Callable[[Mapping[str, Any]], Any]:
    """Imported at its first use: a cold start pays for the one field that was asked for."""
    module, _, name = path.partition(":")
    found: Callable[[Mapping[str, Any]], Any] = getattr(importlib.import_module(module), name)
    return found
