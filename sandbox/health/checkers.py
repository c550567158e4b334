"""The health checkers at work: they follow the health checks that AWS holds, and say which are healthy."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging import getLogger
from typing import Any

from aiohttp import web
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.control_plane import ControlPlane
from sandbox.health import verdict
from sandbox.health.check import Alarm, Endpoint, HealthCheck, health_check
from sandbox.health.probe import FailureError, Find, probe
from sandbox.health.verdict import View
from sandbox.time_scale import TimeScale

_log = getLogger(__name__)
_MOST_AT_ONCE = 4  # requests of one checker to an endpoint that lets it wait
_ALARM_SECONDS = 10  # between two looks at an alarm
_AGAIN_SECONDS = 1.0
_ADDRESS = "192.0.2.1"  # of every checker: one for documentation (RFC 5737)


@dataclass(frozen=True)
class Observation:
    """What a checker in the region `place`, at `address`, saw last; `status` is in Route 53's words."""

    place: str
    address: str
    at: datetime
    status: str


@dataclass
class _Watched:
    """A health check, and all that is known of it."""

    check: HealthCheck
    healthy: bool = True
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    found: bool = True
    views: dict[str, View] = field(default_factory=dict)  # of the checkers that have had a result
    asked: dict[str, float] = field(default_factory=dict)  # when the last request began that counted
    last: dict[str, Observation] = field(default_factory=dict)
    failures: dict[str, Observation] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def saw(self, place: str, status: str, *, passed: bool) -> None:
        result = "Success" if passed else "Failure"
        observation = Observation(place, _ADDRESS, datetime.now(UTC), f"{result}: {status}")
        self.last[place] = observation
        if not passed:
            self.failures[place] = observation


class HealthCheckers:
    """Checks what the health checks say, in several places of the world that are all on this machine.

    Args:
        control_plane: has the health checks, and the alarms.
        time_scale: how fast the time between two requests passes; their time limits are in real seconds.
        find: leads the name of an endpoint to who answers for it.
    """

    def __init__(self, control_plane: ControlPlane, time_scale: TimeScale, find: Find) -> None:
        self._control_plane = control_plane
        self._time_scale = time_scale
        self._find = find
        self._changed = asyncio.Event()
        self._watched: dict[str, _Watched] = {}
        self._following: asyncio.Task[None] | None = None
        control_plane.watch("route53", self._changed.set)

    async def start(self) -> None:
        self._changed.set()
        self._following = asyncio.ensure_future(self._follow())

    async def stop(self) -> None:
        """Ends all that runs; harmless to repeat."""
        tasks = {task for watched in self._watched.values() for task in watched.tasks}
        tasks |= {self._following} if self._following else set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def is_healthy(self, check_id: str) -> bool:
        """Whether the health check is healthy; one that nobody knows is."""
        watched = self._watched.get(check_id)
        return watched is None or watched.healthy

    def observations(self, check_id: str, *, of_failures: bool = False) -> list[Observation]:
        """What each checker saw last, or saw when it last failed."""
        watched = self._watched.get(check_id)
        if watched is None:
            return []
        return list((watched.failures if of_failures else watched.last).values())

    @property
    def controls(self) -> list[web.RouteDef]:
        """What the gateway serves: each health check and whether it is healthy, since when, by what was seen last."""
        return [web.get("/_sandbox/health", self._show)]

    async def _show(self, _: web.Request) -> web.Response:
        checks = {
            id_: {
                "healthy": watched.healthy,
                "since": watched.since.isoformat(),
                "of": _described(watched.check),
                "inverted": watched.check.inverted,
                "disabled": watched.check.disabled,
                "seen": {place: seen.status for place, seen in watched.last.items()},
            }
            for id_, watched in self._watched.items()
        }
        return web.json_response({"checks": checks})

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                held = await self._control_plane.read("route53", "health checks", self._read)
            except (BotoCoreError, ClientError) as error:  # what is known stays, whatever has become of the API
                _log.warning("the health checks cannot be read: %s", error)
                await asyncio.sleep(_AGAIN_SECONDS)
                self._changed.set()
                continue
            self._apply({check.id: check for check in map(health_check, held) if check})

    def _read(self) -> list[dict[str, Any]]:
        pages = self._control_plane.clients("route53").get_paginator("list_health_checks").paginate()
        return [check for page in pages for check in page["HealthChecks"]]

    def _apply(self, checks: Mapping[str, HealthCheck]) -> None:
        for gone in self._watched.keys() - checks.keys():
            for task in self._watched.pop(gone).tasks:
                task.cancel()
        for id_, check in checks.items():
            watched = self._watched.get(id_)
            if watched is None:
                watched = self._watched[id_] = _Watched(check)
                self._begin(watched)
            watched.check = check
        self._settle()

    def _begin(self, watched: _Watched) -> None:
        match watched.check.of:
            case Endpoint(places=places):
                for number, place in enumerate(places):
                    watched.begin(self._ask(watched, place, number / len(places)))
            case Alarm():
                watched.begin(self._look(watched))

    async def _ask(self, watched: _Watched, place: str, phase: float) -> None:
        """Asks the endpoint for ever; checkers do not wait for each other, nor for an answer before they ask anew."""
        asking: set[asyncio.Task[None]] = set()
        while isinstance(endpoint := watched.check.of, Endpoint):
            await self._time_scale.sleep(phase * endpoint.interval)
            if not watched.check.disabled and len(asking) < _MOST_AT_ONCE:
                task = watched.begin(self._probe(watched, place, endpoint))
                asking.add(task)
                task.add_done_callback(asking.discard)
            phase = 1.0

    async def _probe(self, watched: _Watched, place: str, endpoint: Endpoint) -> None:
        began = asyncio.get_running_loop().time()
        passed = True
        try:
            status = await probe(endpoint, watched.check.id, self._find)
        except FailureError as error:
            passed, status = False, str(error)
        if began < watched.asked.get(place, began):
            return  # a later request has told more
        watched.asked[place] = began
        watched.saw(place, status, passed=passed)
        view = watched.views.get(place, View())
        watched.views[place] = verdict.after(view, endpoint.threshold, passed=passed)
        watched.found = verdict.of_endpoint(watched.views.values())
        self._settle()

    async def _look(self, watched: _Watched) -> None:
        """Looks at the alarm for ever."""
        while isinstance(alarm := watched.check.of, Alarm):
            if not watched.check.disabled:
                state = await self._state(alarm)
                watched.found = verdict.of_alarm(alarm, state, last=watched.found)
                watched.saw(alarm.region, f"The alarm {alarm.name} is in the state {state}", passed=watched.found)
                self._settle()
            await self._time_scale.sleep(_ALARM_SECONDS)

    async def _state(self, alarm: Alarm) -> str:
        """The alarm's state; what CloudWatch does not tell lacks data."""
        client = self._control_plane.clients("cloudwatch", alarm.region)
        try:
            found = await asyncio.to_thread(client.describe_alarms, AlarmNames=[alarm.name])
        except (BotoCoreError, ClientError) as error:
            _log.warning("the alarm %s of %s cannot be read: %s", alarm.name, alarm.region, error)
            return "INSUFFICIENT_DATA"
        return next((str(each["StateValue"]) for each in found["MetricAlarms"]), "INSUFFICIENT_DATA")

    def _settle(self) -> None:
        found = {id_: watched.found for id_, watched in self._watched.items()}
        healthy = verdict.statuses([watched.check for watched in self._watched.values()], found)
        for id_, watched in self._watched.items():
            if healthy[id_] != watched.healthy:
                watched.healthy, watched.since = healthy[id_], datetime.now(UTC)


def _described(check: HealthCheck) -> str:
    match check.of:
        case Endpoint(host=host, path=path):
            return f"https://{host}{path}"
        case Alarm(region=region, name=name):
            return f"alarm {name} in {region}"
        case calculation:
            return f"at least {calculation.threshold} of {', '.join(calculation.children)}"
