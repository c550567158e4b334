"""How long a write takes from one region to the others."""

import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Any

ROUNDS = 5
_PATIENCE = 30.0  # seconds: MREC replicates within a second or so ("Global tables", Amazon DynamoDB Developer Guide)
_PAUSE = 0.02  # seconds between two readings
_KEPT = 3600  # seconds until a probe that could not be deleted expires

Clients = Callable[[str, str], Any]


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
        rounds: how often each way is measured.

    Raises:
        botocore.exceptions.ClientError: a region's table cannot be written or read at all.
    """
    api = {key: clients("dynamodb", region) for key, region in regions.items()}
    found: dict[tuple[str, str], list[float | None]] = {}
    with ThreadPoolExecutor(max_workers=len(regions)) as pool:
        for _ in range(rounds):
            for writer in regions:
                readers = [key for key in regions if key != writer]
                probe = {"id": {"S": str(uuid.uuid4())}}
                expires = {"N": str(int(time.time()) + _KEPT)}
                api[writer].put_item(TableName=table, Item={**probe, "expires": expires})
                begun = time.monotonic()
                arrivals = pool.map(lambda key: _arrival(api[key], table, probe, begun), readers)  # noqa: B023 - used up within this turn
                for reader, seconds in zip(readers, arrivals, strict=True):
                    found.setdefault((writer, reader), []).append(seconds)
                api[writer].delete_item(TableName=table, Key=probe)
    return [Lag(writer, reader, tuple(seconds)) for (writer, reader), seconds in found.items()]


def _arrival(api: Any, table: str, probe: Mapping[str, Any], begun: float) -> float | None:
    while "Item" not in api.get_item(TableName=table, Key=probe, ConsistentRead=True):
        if time.monotonic() - begun > _PATIENCE:
            return None
        time.sleep(_PAUSE)
    return time.monotonic() - begun
