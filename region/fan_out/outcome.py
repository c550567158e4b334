"""What became of a publication, judged by AppSync's answer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

_OK = 200
_OWN_FAULTS = {400, 413}
# Errors that pass: a policy that has not spread yet, credentials that ran out, too much at once ("Common Errors" in the
# AWS AppSync API Reference; "Unauthorized" is what a GraphQL error calls it).
_PASSING = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "InternalFailure",
    "RequestExpired",
    "ServiceUnavailable",
    "ThrottlingException",
    "TooManyRequestsException",
    "Unauthorized",
    "UnauthorizedException",
}
# While a deployment is under way, the schema may be newer than the function or older.
_SCHEMA_MISMATCH = "Validation error"
# AppSync delivers no message over 240 KB, and tells neither the subscriber nor the publisher ("Subscription payload
# size" in "AWS AppSync endpoints and quotas"). The rest of the message, such as the client's id, has 1 KB.
_LARGEST = 239 * 1024
_LONGEST_REASON = 1000


class Fate(Enum):
    """Whether the change has been published, should be tried again, or never can be."""

    PUBLISHED = "published"
    AGAIN = "again"
    NEVER = "never"


@dataclass(frozen=True)
class Outcome:
    """`reason` may quote the item, so it belongs into no log."""

    fate: Fate
    reason: str = ""


def judge(status: int, body: bytes, field: str) -> Outcome:
    """The outcome by the HTTP status and body with which AppSync answered a mutation of `field`.

    The answer holds all that a subscriber can be told of the change, so only now is its size known. One that is too
    large has still been told, and rightly, to those who select less: each hears all that it selects, or nothing. To
    measure the item beforehand would keep it from them too, even where what is large is nothing that the schema has.
    """
    answer = _answer(body)
    errors = answer.get("errors") or []
    reason = f"HTTP {status}: {json.dumps(errors) if errors else body.decode(errors='replace')}"[:_LONGEST_REASON]
    if status == _OK:
        value = (answer.get("data") or {}).get(field)
        if value is None:
            # Without an error it means that the field had no resolver, so that subscribers got nothing either.
            return Outcome(Fate.NEVER if errors and not _passes(errors) else Fate.AGAIN, reason)
        # With errors and a value, subscribers got the value: once more would tell them twice.
        if errors:
            return Outcome(Fate.NEVER, reason)
        return Outcome(Fate.NEVER, _too_large(len(body))) if len(body) > _LARGEST else Outcome(Fate.PUBLISHED)
    return Outcome(Fate.NEVER if status in _OWN_FAULTS and not _passes(errors) else Fate.AGAIN, reason)


def _too_large(size: int) -> str:
    return (
        f"the change has {size} bytes, and AppSync delivers messages of at most 240 KB: only subscribers who select "
        "less of it have been told"
    )


def _answer(body: bytes) -> dict[str, Any]:
    """Empty where something on the way answered instead of AppSync."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _passes(errors: Sequence[Any]) -> bool:
    return any(
        error.get("errorType") in _PASSING or str(error.get("message", "")).startswith(_SCHEMA_MISMATCH)
        for error in errors
        if isinstance(error, dict)
    )
