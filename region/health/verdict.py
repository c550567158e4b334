"""What the states of a region's parts say of the region."""

from collections.abc import Iterable, Mapping

OK = "ok"
UNKNOWN = "unknown"
"""Nobody could tell, which is no reason to send viewers elsewhere."""
SLOW = "slow"
FAILED = "failed"

_FROM_BEST_TO_WORST = (OK, UNKNOWN, SLOW, FAILED)
_TELL_AGAINST_IT = {SLOW, FAILED}


def worst(states: Iterable[str]) -> str:
    """The state of a part that consists of several things in these states."""
    return max(states, key=_FROM_BEST_TO_WORST.index, default=OK)


def is_healthy(parts: Mapping[str, str]) -> bool:
    """Whether a region whose parts are in these states may take requests."""
    return not _TELL_AGAINST_IT.intersection(parts.values())
