"""How long a write takes from one region to the others."""

import time
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from typing import Any

from ops.clients import REFUSALS, Clients

ROUNDS = 5
_PATIENCE = 20.0  # seconds: MREC replicates within a second or so ("Global tables", Amazon DynamoDB Developer Guide)
_PAUSE = 0.02  # seconds between two readings
_KEPT = 3600  # seconds until a probe that could not be deleted expires


@dataclass(frozen=True)
class Lag:
    """What was measured from one region key to another, in seconds; None where a probe never arrived.

    A lag goes from the write's acknowledgement to the first read that holds it, so it ends with one round trip of a
    read between here and the region.
    """

    writer: str
    reader: str
    seconds: tuple[float | None, ...]

    @property
    def typical(self) -> float | None:
        return None if self.worst is None else median(second for second in self.seconds if second is not None)

    @property
    def worst(self) -> float | None:
        arrived = [second for second in self.seconds if second is not None]
        return max(arrived) if len(arrived) == len(self.seconds) else None


def measure(clients: Clients, regions: Mapping[str, str], table: str, rounds: int = ROUNDS) -> list[Lag]:
    """The lag from each region to each other one, by probes in the stack's own canary table.

    Args:
        clients: boto3 clients by service and AWS region.
        regions: region keys to AWS regions.
        table: the canary table's name.
        rounds: how often each way is measured; once where a probe is lost, which takes long enough to find out.

    Where a region's table cannot be written or read at all, no probe arrives from or in it. That is found out first, so
    that a region that hangs does not hold up the readings in others, which would look as if nothing arrived there.
    """
    api = {key: clients("dynamodb", region) for key, region in regions.items()}
    with ThreadPoolExecutor(max_workers=len(regions)) as pool:
        answers = pool.map(lambda key: _answers(api[key], table), regions)
        alive = {key: api[key] for key, does in zip(regions, answers, strict=True) if does}
        measured = {
            (lag.writer, lag.reader): lag
            for lags in pool.map(lambda key: _from(key, alive, table, rounds), alive)
            for lag in lags
        }
    ways = [(writer, reader) for writer in regions for reader in regions if reader != writer]
    return [measured.get(way, Lag(*way, (None,))) for way in ways]


def _answers(api: Any, table: str) -> bool:
    try:
        api.get_item(TableName=table, Key={"id": {"S": "nothing"}})
    except REFUSALS:
        return False
    return True


def _from(writer: str, api: Mapping[str, Any], table: str, rounds: int) -> list[Lag]:
    seconds: dict[str, list[float | None]] = {key: [] for key in api if key != writer}
    for _ in range(rounds if seconds else 0):
        probe = {"id": {"S": str(uuid.uuid4())}}
        expires = {"N": str(int(time.time()) + _KEPT)}
        try:
            api[writer].put_item(TableName=table, Item={**probe, "expires": expires})
        except REFUSALS:
            return [Lag(writer, reader, (None,)) for reader in seconds]
        try:
            arrived = _arrivals(seconds, api, table, probe)
        finally:
            _delete(api[writer], table, probe)
        for reader, known in seconds.items():
            known.append(arrived.get(reader))
        if len(arrived) < len(seconds):
            break
    return [Lag(writer, reader, tuple(known)) for reader, known in seconds.items()]


def _delete(api: Any, table: str, probe: Mapping[str, Any]) -> None:
    """At once rather than when it expires, if the region still answers."""
    with suppress(*REFUSALS):
        api.delete_item(TableName=table, Key=probe)


def _arrivals(readers: Iterable[str], api: Mapping[str, Any], table: str, probe: Mapping[str, Any]) -> dict[str, float]:
    """Reader -> the seconds until the probe, written this moment, was there; none for one that it did not reach."""
    begun = time.monotonic()
    arrived: dict[str, float] = {}
    waiting = set(readers)
    while waiting and time.monotonic() - begun < _PATIENCE:
        for reader in sorted(waiting):
            try:
                if "Item" in api[reader].get_item(TableName=table, Key=probe, ConsistentRead=True):
                    arrived[reader] = time.monotonic() - begun
            except REFUSALS:
                waiting.discard(reader)
        waiting -= arrived.keys()
        if waiting:
            time.sleep(_PAUSE)
    return arrived
