"""Which regions of a stack are in rotation, and what keeps the others out of it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ops import drain_switch, health
from ops.deployment import Deployment
from ops.drain_switch import Held
from ops.errors import OperationError
from ops.health import Health

SERVING, DIALLED, DRAINED, CONFIGURED_OUT = "serving", "dialled", "drained", "drained by config"
FAIL_OPEN = "fail-open"
_WHOLE_DIAL = 100.0


@dataclass(frozen=True)
class Place:
    """A region: how the config has it, what the drain switch says, and what it says itself.

    Attributes:
        health: its own answer.
        dial: the percentage of its viewers that it takes.
        configured_out: whether the config says `drained: true`, so that no latency record names it.
        drained: whether the drain switch says so.
    """

    health: Health
    dial: float = _WHOLE_DIAL
    configured_out: bool = False
    drained: bool = False

    @property
    def in_rotation(self) -> bool:
        """Whether Route 53 names it to viewers, as far as its health and the drain switch decide that."""
        return self.health.is_healthy and not self.drained and not self.configured_out

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
        if not self.health.is_healthy:
            return self.health.status
        return SERVING if self.dial == _WHOLE_DIAL else DIALLED

    @property
    def told(self) -> str:
        """The state, for people, with the reason."""
        if self.state == DIALLED:
            return f"{DIALLED} to {self.dial:g} %"
        return self.health.told if self.state == self.health.status else self.state


@dataclass(frozen=True)
class Rotation:
    """All regions of a stack, by key, and what each holds of the drain switch."""

    places: Mapping[str, Place]
    held: Held

    @property
    def fails_open(self) -> bool:
        """Whether no region that has a latency record is in rotation.

        Route 53 then takes all of them for healthy ("How Amazon Route 53 chooses records when health checking is
        configured", Amazon Route 53 Developer Guide).
        """
        named = [place for place in self.places.values() if not place.configured_out]
        return bool(named) and not any(place.in_rotation for place in named)


def require_dns(deployment: Deployment, command: str) -> None:
    """Makes sure that DNS sends viewers to the stack's regions, and so the drain switch can turn them away.

    Raises:
        OperationError: the edge goes by a table of its own.
    """
    if deployment.outputs["router"] == "function":
        raise OperationError(
            f"{command} works by Route 53's answers, and this stack has none: its antipodes:router is function, and "
            "goes by a table at the edge.",
            "Turn the region down there, with a deployment: antipodes shift KEY --to 0; and up again with --to 100.",
        )


def look(deployment: Deployment) -> Rotation:
    """Asks every region, all at once.

    Raises:
        OperationError: the stack is of a version that had no health endpoints.
    """
    outputs, keys = deployment.outputs, list(deployment.regions)
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked = pool.submit(health.ask, deployment, keys)
        held = drain_switch.held(deployment)
        answers = asked.result()
    return Rotation(
        {
            key: Place(
                answers[key],
                float(outputs["dials"].get(key, _WHOLE_DIAL)),
                key in outputs["drained"],
                drain_switch.is_drained(key, drain_switch.holders(deployment, key), held),
            )
            for key in keys
        },
        held,
    )
