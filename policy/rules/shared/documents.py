"""IAM policy documents as the rules read them: JSON texts, or mappings."""

import json
from collections.abc import Mapping
from typing import Any

from .known import UNKNOWN, NotKnownError


def statements(document: Any, place: str) -> list[Mapping[str, Any]]:
    """The statements of a document.

    Raises:
        NotKnownError: the document, or a part of it, is not known yet, or it is none.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            raise NotKnownError(place) from None
    if not isinstance(document, Mapping) or holds_unknown(document):
        raise NotKnownError(place)
    found = document.get("Statement", [])
    return [each for each in as_list(found) if isinstance(each, Mapping)]


def as_list(value: Any) -> list[Any]:
    """IAM lets a list of one be written as the one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def holds_unknown(value: Any) -> bool:
    """Whether the value, or a part of it, is not known yet."""
    if isinstance(value, Mapping):
        return any(map(holds_unknown, value.values()))
    if isinstance(value, list):
        return any(map(holds_unknown, value))
    return value is UNKNOWN
