"""Moving all traffic off a region: new requests, WebSocket subscribers, and then a look whether anybody is left."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ops import catch_up, drain, metrics, subscribers, switching, traffic
from ops.clients import REFUSALS
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.journal import Record
from ops.plan import Plan
from ops.regional_api import NoAnswerError

WHAT = "evacuate"
TIMEOUT = 900.0
"""Seconds where the stack lives: until traffic has ended. A client that keeps a connection is told after an hour."""

_LATE = 5  # minutes in which CloudWatch has figures of a region that works, and the shortest patience
_PAUSE = 10.0  # seconds there between two looks
_SHORTEST_PAUSE = 0.1  # seconds of this machine


@dataclass(frozen=True)
class Found:
    """What is so before an evacuation.

    Attributes:
        switch: what a drain needs to know.
        subscriptions: the fields of the API that clients subscribe to.
    """

    switch: switching.Found
    subscriptions: tuple[str, ...]


def look(deployment: Deployment, key: str) -> Found:
    """Reads what a plan to evacuate `key` needs to know.

    Raises:
        OperationError: there is no such region, or the stack cannot drain one.
    """
    return Found(switching.look(deployment, WHAT, key), subscribers.subscriptions(deployment.outputs))


def plan(deployment: Deployment, key: str, found: Found) -> Plan:
    """What is to be done. What an earlier evacuation did is looked at again, which changes nothing.

    Raises:
        OperationError: no other region would be left to serve.
    """
    first = drain.plan(deployment, key, found.switch)
    steps = [*first.steps, f"Wait {_memory(deployment):g} s: routers and resolvers forget what DNS said before."]
    if found.subscriptions:
        steps.append(f"End the subscriptions in {key} and close their WebSockets; clients connect to another region.")
    steps.append(f"Wait until CloudWatch has a minute without clients' requests and connections in {key}.")
    if deployment.outputs["data"] == "replicated":
        steps.append(f"Confirm that what was written in {key} has reached the other regions.")
    return Plan(f"{WHAT} {key}", first.found, tuple(steps))


def act(deployment: Deployment, key: str, found: Found, record: Record, timeout: float = TIMEOUT) -> None:
    """Does what the plan says, and tells the record.

    Args:
        deployment: the stack.
        key: the region to leave.
        found: what `look` found.
        record: is told each step.
        timeout: how long traffic may take to end, in seconds where the stack lives.

    Raises:
        OperationError: a step could not be done, or clients are still there, or data has not arrived elsewhere.
    """
    if found.switch.rotation.places[key].configured_out:
        record.step(f"{key} is drained by the stack's config.")
    else:
        drain.act(deployment, key, found.switch, record)
    seconds = _memory(deployment)
    deployment.pace.sleep(seconds)
    record.step(f"{seconds:g} s have passed: routers and resolvers have forgotten that DNS named {key}.")
    is_moved = bool(found.subscriptions) and _move(deployment, key, record)
    _await_end(deployment, key, record, timeout, (lambda: _move(deployment, key, record)) if is_moved else None)
    catch_up.confirm(deployment, key, record)


def _memory(deployment: Deployment) -> float:
    """How long after DNS names a region no longer somebody may still be sent there: the TTL, and a router's own."""
    failover = deployment.told("failover")
    return float(failover["seconds"] - failover["interval"] * failover["threshold"])


def _move(deployment: Deployment, key: str, record: Record) -> bool:
    """Whether the region's API ended its subscriptions."""
    try:
        subscribers.move(deployment, key)
    except NoAnswerError as error:
        record.step(
            f"Subscribers were not moved: the API of {key} does not answer ({error}). If the region is down, so are "
            "their connections, and they connect to another region by themselves."
        )
        return False
    record.step(f"The subscriptions in {key} are ended; clients connect to another region.")
    return True


def _await_end(
    deployment: Deployment, key: str, record: Record, timeout: float, move: Callable[[], bool] | None
) -> None:
    """Waits for a minute in which nobody asks; moves those who subscribed after all others were moved."""
    begun, since = time.monotonic(), time.time()
    late = _LATE * metrics.minute(deployment)
    patience = max(deployment.pace.real(timeout), late)
    last: traffic.Traffic | None = None
    while True:
        waited = time.monotonic() - begun
        try:
            seen = traffic.latest(deployment, key, since, time.time())
        except REFUSALS as error:
            record.step(f"Not confirmed that traffic has ended: CloudWatch in {key} does not answer ({error}).")
            return
        if seen is not None and seen.has_ended:
            record.step(f"Traffic in {key} has ended: {seen.told}.")
            return
        last = seen or last
        if last is None and waited > late:
            record.step(f"Not confirmed that traffic has ended: CloudWatch in {key} has no figures of its API.")
            return
        if last is not None and waited > patience:
            raise _lingering(key, last, timeout)
        if seen is not None and seen.connections and move is not None:
            move()
            since = time.time()
        time.sleep(max(deployment.pace.real(_PAUSE), _SHORTEST_PAUSE))


def _lingering(key: str, seen: traffic.Traffic, timeout: float) -> OperationError:
    return OperationError(
        f"After {timeout:g} s {key} still has clients: {seen.told}. DNS does not name it any more: they call it by its "
        "own host name, or are held to it by antipodes:sticky or antipodes:writes.",
        f"See antipodes logs for who they are. Run the same command again, with a longer --timeout if they are to "
        f"finish; {key} stays drained.",
    )
