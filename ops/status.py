"""How a stack is: each region's state, health, share of the traffic and distance behind the others, within seconds.

Everything is asked at once and nothing is waited for long, so that a region that is dead is seen and holds nothing up.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar

from ops import journal, measurements, rotation
from ops.clients import REFUSALS
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.journal import Entry
from ops.measurements import Measured
from ops.rotation import Place, Rotation

FAIL_OPEN = "fail-open"

SECONDS = 5.0
"""The longest that figures are waited for, of this machine."""
_PATIENCE = 20.0  # seconds for what all else stands on: a busy machine needs longer than its clients wait

_T = TypeVar("_T")


@dataclass(frozen=True)
class Region:
    """What is known of one region; None stands for what nobody told in time.

    Attributes:
        name: AWS's name for it.
        place: how it is in rotation.
        requests: what its clients asked in the last minutes.
        share: its part of all requests, from 0 to 1.
        lag: how many seconds writes of other regions take to get here, from the slowest of them.
    """

    name: str
    place: Place
    requests: float | None = None
    share: float | None = None
    lag: float | None = None


@dataclass(frozen=True)
class Status:
    """The whole stack.

    Attributes:
        regions: by key.
        by_dns: whether Route 53 decides who is in rotation.
        operations: the latest ones, the latest first; None where no region told in time.
    """

    regions: Mapping[str, Region]
    by_dns: bool
    operations: tuple[Entry, ...] | None

    @property
    def fails_open(self) -> bool:
        """Whether Route 53 takes all regions for healthy because none of them is ("How Amazon Route 53 chooses records
        when health checking is configured" in its Developer Guide).
        """
        named = [region for region in self.regions.values() if not region.place.configured_out]
        return self.by_dns and bool(named) and not any(region.place.in_rotation for region in named)

    @property
    def drained(self) -> list[str]:
        """The regions that get no viewers, by the config or by the drain switch."""
        switched = self.by_dns and not self.fails_open
        return [
            key
            for key, region in self.regions.items()
            if region.place.configured_out or (switched and region.place.drained)
        ]

    @property
    def unfinished(self) -> list[Entry]:
        """The operations that did not come to their end."""
        return journal.unfinished(self.operations or ())

    def state(self, key: str) -> str:
        """The region's state in a word."""
        region = self.regions[key]
        if self.fails_open and not region.place.configured_out:
            return FAIL_OPEN
        return region.place.state


def look(deployment: Deployment) -> Status:
    """Asks all that can be asked; its clients should give up by themselves within `SECONDS`.

    Raises:
        OperationError: the stack is of a version that had no health endpoints, or nothing is known in time.
    """
    keys = list(deployment.regions)
    pool = ThreadPoolExecutor(max_workers=len(keys) + 2)
    around = pool.submit(rotation.look, deployment)
    told = pool.submit(journal.entries, deployment)
    measured = {key: pool.submit(_tried, lambda key=key: measurements.measure(deployment, key)) for key in keys}
    asked: list[Future[Any]] = [around, told, *measured.values()]
    wait(asked, SECONDS)
    wait([around], _PATIENCE - SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)  # each ends by itself, soon
    if not around.done():
        raise OperationError(
            f"What the regions say of themselves was not known within {_PATIENCE:g} s.",
            "Look whether this machine reaches the internet, and its DNS.",
        )
    figures = {key: _result(future) for key, future in measured.items()}
    return _status(
        deployment,
        around.result(),
        {key: figure or Measured() for key, figure in figures.items()},
        _result(told),
    )


def _status(
    deployment: Deployment,
    now: Rotation,
    measured: Mapping[str, Measured],
    told: list[Entry] | None,
) -> Status:
    every = sum(figure.requests or 0 for figure in measured.values())
    regions = {}
    for key, place in now.places.items():
        requests = measured[key].requests
        lags = [figure.lags[key] for figure in measured.values() if key in figure.lags]
        regions[key] = Region(
            deployment.regions[key],
            place,
            requests,
            None if requests is None or not every else requests / every,
            max(lags, default=None),
        )
    return Status(regions, deployment.outputs["router"] != "function", None if told is None else tuple(told))


def _tried(ask: Callable[[], _T]) -> _T | None:
    try:
        return ask()
    except REFUSALS:
        return None


def _result(future: Future[Any]) -> Any:
    """What was told; None for what was not in time."""
    return future.result() if future.done() and not future.cancelled() else None
