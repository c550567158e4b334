"""Which regions of a stack are in rotation, and what keeps the others out of it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ops import alarms, drain_switch, health
from ops.deployment import Deployment
from ops.drain_switch import Held
from ops.errors import OperationError
from ops.health import UNHEALTHY, Health

SERVING, DIALLED, DRAINED, CONFIGURED_OUT = "serving", "dialled", "drained", "drained by config"
_WHOLE_DIAL = 100.0
_FEWEST = 2  # regions that take requests, by the policy regions-at-least-two


@dataclass(frozen=True)
class Place:
    """A region: how the config has it, what the drain switch and its alarms say, and what it says itself.

    Attributes:
        health: its own answer.
        dial: the percentage of its viewers that it takes.
        configured_out: whether the config says `drained: true`, so that no latency record names it.
        drained: whether the drain switch says so.
        alarms: the kinds of its alarms that are raised; None where nobody told.
        heeded: the kinds of those that take it out of rotation when they are.
    """

    health: Health
    dial: float = _WHOLE_DIAL
    configured_out: bool = False
    drained: bool = False
    alarms: tuple[str, ...] | None = ()
    heeded: tuple[str, ...] = ()

    @property
    def in_rotation(self) -> bool:
        """Whether Route 53 names it to viewers for its own sake, whatever is so of the others."""
        return self.is_well and not self.drained and not self.configured_out

    @property
    def is_well(self) -> bool:
        """Whether neither the region itself nor an alarm that Route 53 heeds tells against it."""
        return self.health.is_healthy and not self._alarming

    @property
    def _alarming(self) -> tuple[str, ...]:
        return tuple(kind for kind in self.alarms or () if kind in self.heeded)

    @property
    def takes_viewers(self) -> bool:
        """Whether viewers get it, and would get it in another region's place."""
        return self.in_rotation and self.dial > 0

    @property
    def state(self) -> str:
        """In a word or two; what is switched goes before what is found."""
        if self.configured_out:
            return CONFIGURED_OUT
        if self.drained:
            return DRAINED
        if not self.is_well:
            return UNHEALTHY if self.health.is_healthy else self.health.status
        return SERVING if self.dial == _WHOLE_DIAL else DIALLED

    @property
    def told(self) -> str:
        """The state, for people, with the reason."""
        if self.state == DIALLED:
            return f"{DIALLED} to {self.dial:g} %"
        if self.state == self.health.status:
            return self.health.told
        return f"{UNHEALTHY} (alarms raised: {', '.join(self._alarming)})" if self.state == UNHEALTHY else self.state


@dataclass(frozen=True)
class Rotation:
    """All regions of a stack, by key, and what each holds of the drain switch."""

    places: Mapping[str, Place]
    held: Held


def require_dns(deployment: Deployment, command: str) -> None:
    """Makes sure that DNS sends viewers to the stack's regions, and so the drain switch can turn them away.

    Raises:
        OperationError: the edge goes by a table of its own.
    """
    if deployment.outputs["router"] == "function":
        least = 0 if len(deployment.regions) > _FEWEST else 1
        raise OperationError(
            f"{command} works by Route 53's answers, and this stack has none: its antipodes:router is function, and "
            "goes by a table at the edge.",
            "Turn the region down there, with a deployment: "
            f"antipodes shift KEY --to {least}; and up again with --to 100.",
        )


def look(deployment: Deployment) -> Rotation:
    """Asks every region, all at once.

    Raises:
        OperationError: the stack is of a version that had no health endpoints.
    """
    outputs, keys = deployment.outputs, list(deployment.regions)
    with ThreadPoolExecutor(max_workers=len(keys) + 1) as pool:
        asked = pool.submit(health.ask, deployment, keys)
        raised = pool.map(lambda key: alarms.raised(deployment, key), keys)
        held = drain_switch.held(deployment)
        answers, alarming = asked.result(), dict(zip(keys, raised, strict=True))
    return Rotation(
        {
            key: Place(
                answers[key],
                float(outputs["dials"].get(key, _WHOLE_DIAL)),
                key in outputs["drained"],
                drain_switch.is_drained(key, drain_switch.holders(deployment, key), held),
                alarming[key],
                alarms.heeded(deployment, key),
            )
            for key in keys
        },
        held,
    )


def with_switch(deployment: Deployment, before: Rotation, held: Held) -> Rotation:
    """The regions as they were `before`, but for the drain switch, which is now `held`."""

    def place(key: str) -> Place:
        asked = drain_switch.holders(deployment, key)
        return replace(before.places[key], drained=drain_switch.is_drained(key, asked, held))

    return Rotation({key: place(key) for key in before.places}, held)


def require_another(deployment: Deployment, key: str, now: Rotation, refused: str) -> None:
    """Makes sure that a region other than `key` takes viewers; `refused` says what is not done if none does.

    Raises:
        OperationError: none does.
    """
    others = deployment.others(key)
    if not others:
        raise OperationError(
            f"{key} {refused}: it is the stack's only region, and nobody would serve.",
            "Add a region in the stack's config first.",
        )
    places = {other: now.places[other] for other in others}
    if any(place.takes_viewers for place in places.values()):
        return
    told = "; ".join(f"{other} is {place.told}" for other, place in places.items())
    raise OperationError(
        f"{key} {refused}: no other region could serve its viewers. {told}.",
        " ".join(_remedy(other, place) for other, place in places.items()),
    )


def _remedy(key: str, place: Place) -> str:
    """How to get a region to serve that does not."""
    if place.configured_out:
        return f"Take drained: true of {key} out of the stack's config and run antipodes up."
    if place.drained:
        return f"Run antipodes restore {key}."
    if not place.is_well:
        return f"Mend {key}; antipodes verify says what is wrong."
    return f"Run antipodes shift {key} --to 100."
