"""The record of operations, in the stack's own canary table: who did what, when, and how far it came.

A record is written before the first step and again after each, so that one that was killed half-way is seen: nobody
finished it. It lies in one region's table, from where a replicated one takes it to the others; readers ask them all.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.clients import REFUSALS, Clients
from ops.deployment import Deployment

BEGUN, DONE, FAILED, INTERRUPTED = "begun", "done", "failed", "interrupted"
_PREFIX = "operation/"
_KEPT = timedelta(days=90)

Clock = Callable[[], datetime]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Entry:
    """One operation as the table holds it.

    Attributes:
        id: `operation/<ISO time>-<uuid>`, so that ids sort by time.
        what: the command, `drain`.
        region: the key of the region that it is about; empty where it is about none.
        by: who ran it, as STS names the caller; `unknown` where STS did not answer.
        at: when it began, ISO 8601, UTC.
        outcome: `begun` until it has ended, then `done`, `failed` or `interrupted`.
        steps: what was done, a sentence each.
        reason: why it failed; else empty.
    """

    id: str
    what: str
    region: str
    by: str
    at: str
    outcome: str = BEGUN
    steps: tuple[str, ...] = ()
    reason: str = ""


class Record:
    """The record of an operation under way; a region that does not take it is passed over for the next."""

    def __init__(self, tables: Sequence[Any], table: str, entry: Entry, expires: int, tell: Tell) -> None:
        self._tables = list(tables)
        self._table = table
        self._expires = expires
        self._tell = tell
        self.entry = entry
        self.is_kept = False
        """Whether the last writing of it was taken anywhere."""

    def step(self, text: str) -> None:
        """Tells, and records, that this was done."""
        self._tell(text)
        self.write(replace(self.entry, steps=(*self.entry.steps, text)))

    def write(self, entry: Entry) -> None:
        """Makes `entry` the record."""
        self.entry = entry
        item = {"expires": {"N": str(self._expires)}, **_item(entry)}
        for table in list(self._tables):
            try:
                table.put_item(TableName=self._table, Item=item)
            except REFUSALS:
                self._tables.append(self._tables.pop(0))  # not the first to be asked next time
            else:
                self.is_kept = True
                return
        self.is_kept = False


@contextmanager
def recorded(
    deployment: Deployment, what: str, region: str = "", *, tell: Tell, now: Clock = lambda: datetime.now(UTC)
) -> Iterator[Record]:
    """Records the operation that is done inside; what it raises becomes the record's outcome, and goes on.

    The first region is asked that is not `region`, the one in trouble, then the others. An operation does not fail
    because nobody takes its record: it says so.

    Args:
        deployment: the stack.
        what: the command.
        region: the key that it is about.
        tell: gets what is said to people meanwhile.
        now: the time, with its zone.
    """
    began = now()
    regions = list(deployment.others(region).values())
    tables = [deployment.clients("dynamodb", name) for name in regions or deployment.regions.values()]
    entry = Entry(
        id=f"{_PREFIX}{_iso(began)}-{uuid.uuid4()}",
        what=what,
        region=region,
        by=_caller(deployment.clients, regions or list(deployment.regions.values())),
        at=_iso(began),
    )
    expires = int((began + _KEPT).timestamp())
    record = Record(tables, deployment.told("canaryTable"), entry, expires, tell)
    record.write(entry)
    try:
        yield record
    except Exception as error:
        record.write(replace(record.entry, outcome=FAILED, reason=str(error)))
        raise
    except BaseException:
        record.write(replace(record.entry, outcome=INTERRUPTED))
        raise
    else:
        record.write(replace(record.entry, outcome=DONE))
    finally:
        if not record.is_kept:
            tell(f"No region took the last record of this operation; {record.entry.outcome} is not in the journal.")


def entries(deployment: Deployment, count: int = 10) -> list[Entry]:
    """The latest operations that any region that answers knows of, the latest first."""
    table = deployment.told("canaryTable")
    found: dict[str, Entry] = {}
    with ThreadPoolExecutor(max_workers=len(deployment.regions)) as pool:
        for those in pool.map(
            lambda name: _read(deployment.clients("dynamodb", name), table), deployment.regions.values()
        ):
            for entry in those:
                if entry.id not in found or _further(entry, found[entry.id]):
                    found[entry.id] = entry
    return sorted(found.values(), key=lambda entry: entry.id, reverse=True)[:count]


def unfinished(latest_first: Sequence[Entry]) -> list[Entry]:
    """Those that did not come to their end, and after which none about the same region did."""
    settled: set[str] = set()
    left = []
    for entry in latest_first:
        if entry.outcome == DONE:
            settled.add(entry.region)
        elif entry.region not in settled:
            left.append(entry)
    return left


def _further(one: Entry, other: Entry) -> bool:
    """Whether a region has the later state of an operation than another, which replication has not reached yet."""
    return (one.outcome != BEGUN, len(one.steps)) > (other.outcome != BEGUN, len(other.steps))


def _read(dynamodb: Any, table: str) -> list[Entry]:
    """The operations that a region's table holds, which is small; none of a region that does not answer."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="begins_with(id, :prefix)",
        ExpressionAttributeValues={":prefix": {"S": _PREFIX}},
    )
    try:
        return [_entry(item) for page in pages for item in page["Items"]]
    except REFUSALS:
        return []


def _item(entry: Entry) -> dict[str, Any]:
    texts = {name: value for name, value in entry.__dict__.items() if isinstance(value, str)}
    return {
        **{name: {"S": value} for name, value in texts.items()},
        "steps": {"L": [{"S": step} for step in entry.steps]},
    }


def _entry(item: Mapping[str, Any]) -> Entry:
    texts = {name: item[name]["S"] for name in ("id", "what", "region", "by", "at", "outcome", "reason")}
    return Entry(**texts, steps=tuple(step["S"] for step in item["steps"]["L"]))


def _caller(clients: Clients, regions: Sequence[str]) -> str:
    """Who runs this: any region's STS knows."""
    for region in regions:
        try:
            return str(clients("sts", region).get_caller_identity()["Arn"])
        except REFUSALS:
            continue
    return "unknown"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
