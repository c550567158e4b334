"""The function behind every field that the API resolves: hands AppSync's context to that field's resolver."""

import json
from pathlib import Path
from typing import Any

from .dispatch import Dispatcher

_dispatcher = Dispatcher(json.loads(Path(__file__).with_name("table.json").read_text(encoding="utf-8")))


def handler(context: dict[str, Any], _lambda_context: Any) -> Any:
    """The field's value. An exception becomes the field's error in the client's answer."""
    return _dispatcher(context)
