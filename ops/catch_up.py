"""Whether what was written in a region has reached the others: their tables, and their subscribers."""

import time
import uuid
from collections.abc import Iterator
from typing import Any

from ops import metrics
from ops.clients import REFUSALS
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.journal import Record

_PATIENCE = 60.0  # seconds of this machine for a probe; MREC replicates within a second or so, and may lag
_PAUSE = 0.05  # seconds between two looks
_KEPT = 3600  # seconds until a probe that could not be deleted expires
_LOOKED_BACK = 5  # minutes
_BEHIND = 60.0  # seconds that a fan-out may be behind its stream and count as up to date


def confirm(deployment: Deployment, key: str, record: Record, patience: float = _PATIENCE) -> None:
    """Tells what of the region's writes has arrived elsewhere, and what of that it could not see.

    Raises:
        OperationError: something has not arrived, and should have.
    """
    if deployment.outputs["data"] != "replicated":
        record.step(f"Nothing to catch up: each region has its own data, and that of {key} stays there.")
        return
    _replication(deployment, key, record, patience)
    for text in _fan_outs(deployment, key):
        record.step(text)


def _replication(deployment: Deployment, key: str, record: Record, patience: float) -> None:
    """By a probe: what was written before it has had longer to arrive, and more DynamoDB does not tell of its order."""
    table = deployment.told("canaryTable")
    probe = {"id": {"S": str(uuid.uuid4())}}
    expires = {"N": str(int(time.time()) + _KEPT)}
    writer = deployment.clients("dynamodb", deployment.regions[key])
    try:
        writer.put_item(TableName=table, Item={**probe, "expires": expires})
    except REFUSALS as error:
        record.step(
            f"Not confirmed that data has caught up: {key} takes no probe ({error}). What it had taken and not yet "
            "replicated arrives when its DynamoDB is back."
        )
        return
    try:
        waiting, silent = _arrive(deployment, key, table, probe, patience)
    finally:
        try:
            writer.delete_item(TableName=table, Key=probe)
        except REFUSALS:
            record.step(f"A probe stays in {key} for an hour: it could not be deleted.")
    if waiting:
        raise OperationError(
            f"A write in {key} did not arrive in {', '.join(waiting)} within {patience:g} s: what clients wrote in "
            f"{key} last may not be there either.",
            "Writes are kept, and arrive when replication goes on. Run the same command again to see whether they did.",
        )
    if arrived := [other for other in deployment.others(key) if other not in silent]:
        record.step(
            f"A write in {key} has arrived in {', '.join(arrived)}: data has caught up there, as far as a probe tells."
        )
    for other, why in silent.items():
        record.step(f"Not confirmed that data has caught up in {other}: it does not answer ({why}).")


def _arrive(
    deployment: Deployment, key: str, table: str, probe: dict[str, Any], patience: float
) -> tuple[list[str], dict[str, str]]:
    """The regions that have not got the probe, and those that do not answer, with the reason."""
    deadline = time.monotonic() + patience
    waiting, silent = list(deployment.others(key)), dict[str, str]()
    while waiting:
        for other in list(waiting):
            reader = deployment.clients("dynamodb", deployment.regions[other])
            try:
                has_it = "Item" in reader.get_item(TableName=table, Key=probe, ConsistentRead=True)
            except REFUSALS as error:
                silent[other] = str(error)
                has_it = True
            if has_it:
                waiting.remove(other)
        if waiting and time.monotonic() > deadline:
            break
        time.sleep(_PAUSE if waiting else 0)
    return waiting, silent


def _fan_outs(deployment: Deployment, key: str) -> Iterator[str]:
    """What the other regions' subscribers have been told of it."""
    behind, unknown = [], []
    for other, made in deployment.outputs.get("fanOut", {}).items():
        if other == key:
            continue
        region = deployment.regions[other]
        try:
            letters = _letters(deployment, region, made["deadLetters"])
            age = _age(deployment, other, made["function"])
        except REFUSALS as error:
            unknown.append(other)
            yield f"Not confirmed that subscribers in {other} were told of all: {error}."
            continue
        if letters:
            yield (
                f"{letters} changes could not be told to subscribers in {other}: they are dead letters in "
                f"{made['deadLetters']}, each with its reason."
            )
        if age is not None and age > _BEHIND:
            behind.append(f"{other} by {age:g} s")
    if behind:
        raise OperationError(
            f"Subscribers are told of changes late: the fan-out is behind in {', '.join(behind)}.",
            "It goes on by itself; antipodes verify says if something stops it. Run the same command again then.",
        )
    told = [other for other in deployment.outputs.get("fanOut", {}) if other != key and other not in unknown]
    if told:
        yield f"The fan-out is up to date in {', '.join(told)}: subscribers there were told of what arrived."


def _letters(deployment: Deployment, region: str, queue: str) -> int:
    asked = deployment.clients("sqs", region).get_queue_attributes(
        QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(asked["Attributes"]["ApproximateNumberOfMessages"])


def _age(deployment: Deployment, key: str, function: str) -> float | None:
    """How old the records were that the function got last, in seconds; None where it got none lately."""
    period, now = metrics.minute(deployment), time.time()
    dimensions = {"FunctionName": function}
    asked = metrics.query("age", "AWS/Lambda", "IteratorAge", dimensions, period=period, statistic="Maximum")
    ages = metrics.read(deployment, key, [asked], now - _LOOKED_BACK * period, now)["age"]
    return ages[max(ages)] / 1000 if ages else None
