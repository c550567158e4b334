"""How Lambda cuts a stream into batches, and what it does with one that failed.

Source: AWS Lambda Developer Guide, "Configuring partial batch response with DynamoDB and Lambda" and "Retain
discarded records for a DynamoDB event source in Lambda".
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.streams.mapping import FOREVER, Mapping
from sandbox.streams.stream import Record, sequence_number, written_at

_LARGEST_PAYLOAD = 6 * 1024 * 1024 - 1024  # bytes, less what surrounds the records


@dataclass(frozen=True)
class Batch:
    """Records that go to the function together; `retries` are those that count, which a split does not."""

    records: tuple[Record, ...]
    retries: int = 0
    invocations: int = 0


def first_batch(records: Iterable[Record], size: int) -> Batch:
    """As many of the records as one invocation may carry."""
    taken: list[Record] = []
    payload = 0
    for record in records:
        payload += len(json.dumps(record, ensure_ascii=False).encode()) + 1
        if taken and payload > _LARGEST_PAYLOAD:
            break
        taken.append(record)
        if len(taken) == size:
            break
    return Batch(tuple(taken))


def overaged(batch: Batch, age: int, now: float) -> int:
    """How many records at the beginning of the batch are older than `age` seconds at the time `now`."""
    if age == FOREVER:
        return 0
    young = (index for index, record in enumerate(batch.records) if now - written_at(record) <= age)
    return next(young, len(batch.records))


def failed_from(batch: Batch, answer: Any) -> int | None:
    """Which record is the first that a function reports as failed: its index; 0 for all, None for none of them."""
    if not answer:
        return None
    if not isinstance(answer, dict) or "batchItemFailures" not in answer:
        return 0
    failures = answer["batchItemFailures"]
    if not failures:
        return None
    places = {sequence_number(record): index for index, record in enumerate(batch.records)}
    try:
        return min(places[failure["itemIdentifier"]] for failure in failures)
    except (KeyError, TypeError):
        return 0


def after_partial_failure(batch: Batch, index: int, mapping: Mapping) -> list[Batch]:
    """What is to be tried after a function reported the record at `index`; nothing where its retries are used up."""
    rest = Batch(batch.records[index:], batch.retries, batch.invocations)
    if index and mapping.bisects:  # the split is at what was reported, and costs no retry
        return [rest]
    return _retried(rest, mapping)


def after_error(batch: Batch, mapping: Mapping) -> list[Batch]:
    """What is to be tried, in order, after a function failed; nothing where its retries are used up."""
    if mapping.bisects and len(batch.records) > 1:
        middle = len(batch.records) // 2
        return [
            replace(batch, records=batch.records[:middle]),
            replace(batch, records=batch.records[middle:]),
        ]
    return _retried(batch, mapping)


def _retried(batch: Batch, mapping: Mapping) -> list[Batch]:
    if mapping.retries != FOREVER and batch.retries >= mapping.retries:
        return []
    return [replace(batch, retries=batch.retries + 1)]
