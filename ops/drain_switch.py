"""The drain switch: items that say in every other region whether a region is drained.

They are written and read through DynamoDB's data plane alone, and served by the health endpoints of the regions that
hold them, which the drained region's Route 53 checks ask. So a region can be drained that does not answer itself, and
while Route 53 takes no changes.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ops.clients import REFUSALS
from ops.deployment import Deployment

_T = TypeVar("_T")

Held = Mapping[str, Mapping[str, bool] | None]
"""Holder -> region key -> whether the holder says that it is drained; None for a holder that does not answer."""


def held(deployment: Deployment) -> dict[str, Mapping[str, bool] | None]:
    """What each region holds of the others; what it holds of itself, by replication, nobody asks for."""
    table = deployment.told("canaryTable")

    def read(key: str) -> dict[str, bool] | None:
        keys = [{"id": {"S": _id(other)}} for other in deployment.others(key)]
        if not keys:
            return {}
        try:
            answer = deployment.clients("dynamodb", deployment.regions[key]).batch_get_item(
                RequestItems={table: {"Keys": keys, "ConsistentRead": True}}
            )
        except REFUSALS:
            return None
        if answer.get("UnprocessedKeys"):  # it was throttled
            return None
        items = {item["id"]["S"]: item["drained"]["BOOL"] for item in answer["Responses"].get(table, ())}
        return {other: items.get(_id(other), False) for other in deployment.others(key)}

    return _of_each(deployment.regions, read)


def holders(deployment: Deployment, key: str) -> tuple[str, ...]:
    """The regions that the Route 53 checks of `key` ask whether it is drained."""
    return tuple(deployment.outputs.get("healthChecks", {}).get(key, {}).get("drain", ()))


def is_drained(key: str, asked: Collection[str], by: Held) -> bool:
    """Whether one of the regions that are `asked` says that `key` is drained: more need not, for Route 53."""
    return any(says[key] for holder in asked if (says := by[holder]) is not None)


def write(
    deployment: Deployment, key: str, holders: Collection[str], *, drained: bool, by: str, at: str
) -> dict[str, str | None]:
    """Writes the item of `key` into each of `holders`, at once.

    Args:
        deployment: the stack.
        key: the region that is drained, or restored.
        holders: the keys of the regions to write it in.
        drained: what to write.
        by: who wants it.
        at: the time, ISO 8601.

    Returns:
        Holder -> why it did not take it; None where it did.
    """
    table = deployment.told("canaryTable")
    item = {"id": {"S": _id(key)}, "drained": {"BOOL": drained}, "at": {"S": at}, "by": {"S": by}}

    def put(holder: str) -> str | None:
        try:
            deployment.clients("dynamodb", deployment.regions[holder]).put_item(TableName=table, Item=item)
        except REFUSALS as error:
            return str(error)
        return None

    return _of_each(holders, put)


def _of_each(keys: Collection[str], ask: Callable[[str], _T]) -> dict[str, _T]:
    with ThreadPoolExecutor(max_workers=max(len(keys), 1)) as pool:
        return dict(zip(keys, pool.map(ask, keys), strict=True))


def _id(key: str) -> str:
    return f"drain/{key}"
