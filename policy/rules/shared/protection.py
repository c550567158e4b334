"""Protected stacks: those whose data is to survive a mistake, such as a deletion."""

from collections.abc import Mapping
from typing import Any

from .design import is_active_active
from .global_tables import TABLE
from .stack import Stack

PROTECTED: Mapping[str, Mapping[str, Any]] = {
    "protected": {
        "type": "boolean",
        "description": (
            "Whether the stack's data has to survive a deletion by mistake. Where this is not set, an active/active "
            "stack has to as soon as one of its tables refuses to be deleted."
        ),
    }
}


def is_protected(stack: Stack) -> bool:
    """Whether the rule was told so; where it was told nothing, whether the stack itself says so."""
    told = stack.settings.get("protected")
    if told is not None:
        return bool(told)
    return any(table.peek("deletionProtectionEnabled") is True for table in stack.of(TABLE)) and is_active_active(stack)
