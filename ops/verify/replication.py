"""Whether a write in one region arrives in the others, and how soon."""

from collections.abc import Iterator, Sequence

from ops.replication import Lag
from ops.verify.finding import Fault

NAME = "replication"
AFTER = ("tables",)
_REMEDY = (
    "See tables, and AWS Health for DynamoDB in these regions. Writes are kept, and arrive when replication goes on."
)


def judge(lags: Sequence[Lag]) -> Iterator[Fault]:
    """Of every way between two regions."""
    for lag in lags:
        if lag.worst is None:
            yield Fault(f"a write from {lag.writer} did not arrive in {lag.reader}", _REMEDY)


def good(lags: Sequence[Lag]) -> str:
    return f"every write arrived, {len(lags)} ways" if lags else "one region, so nothing to replicate"
