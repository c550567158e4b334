"""Lambda's data plane: runs the functions that are deployed, in instances that it starts, reuses and ends."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from sandbox import lambda_code
from sandbox.cloudwatch.function_logs import FunctionLogs, LogStream
from sandbox.cloudwatch.function_metrics import FunctionMetrics
from sandbox.cloudwatch.store import MetricStore
from sandbox.control_plane import ControlPlane
from sandbox.faults.functions import FunctionFaults, RegionDownError
from sandbox.faults.state import Faults
from sandbox.lambda_code import NotEmulatedError, Release
from sandbox.lambda_instance import FunctionError, Instance, environment
from sandbox.roles import Roles
from sandbox.simulated_clock import SimulatedClock

__all__ = ["FunctionError", "LambdaRuntime", "NotEmulatedError"]

_INSTANCES_PER_FUNCTION = 4  # more than this machine has cores; further invocations wait
_IDLE_SECONDS = 300.0
_SWEEP_SECONDS = 30.0
_LARGEST_PAYLOAD = 6_291_456  # bytes, "Lambda quotas": 6 MB for synchronous invocations

_PoolKey = tuple[str, str, str | None, tuple[tuple[str, str], ...]]


class LambdaRuntime:
    """Invokes functions by ARN, with or without a qualifier.

    They are followed through `control_plane`, and invocations in flight end on the code that they began with. What
    functions print goes to `folder`/logs, and from there to CloudWatch by way of `logs`. They make their AWS calls
    through `gateway_url` with the credentials that `roles` has for their roles, and their time is that of the runtime's
    `clock`. They meet `faults`: when a region goes down, what runs there ends, but for functions at the edge, which is
    CloudFront's and in no region.
    """

    def __init__(
        self,
        control_plane: ControlPlane,
        gateway_url: str,
        folder: Path,
        roles: Roles,
        faults: Faults | None = None,
        *,
        metrics: MetricStore | None = None,
        logs: FunctionLogs | None = None,
    ) -> None:
        self._control_plane = control_plane
        self._gateway_url = gateway_url
        self._folder = folder
        self._roles = roles
        self._faults = faults or Faults()
        self._faults.watch(self._end_dead_regions)
        self._function_faults = FunctionFaults(self._faults)
        self._metrics = FunctionMetrics(metrics)
        self._logs = logs
        self.clock = SimulatedClock(folder / "clock")
        self._pools: dict[_PoolKey, _Pool] = {}
        self._retired: list[_Pool] = []
        self._sweeper: asyncio.Task[None] | None = None

    async def invoke(
        self,
        function_arn: str,
        payload: Any,
        *,
        executing_region: str | None = None,
        extra_env: Mapping[str, str] | None = None,
    ) -> Any:
        """The function's answer.

        Args:
            function_arn: may carry a version or an alias.
            payload: the event, anything that JSON can hold.
            executing_region: where the function runs, if not in its own region, as Lambda@Edge does.
            extra_env: variables beside the function's own.

        Raises:
            FunctionError: the function raised, timed out or ended; `RegionDownError` where its region did.
            NotEmulatedError: it uses something of Lambda that is not emulated.
            botocore.exceptions.ClientError: there is no such function or version, or the payload is over 6 MB.
        """
        # A lone surrogate is in JSON and not in UTF-8: a question mark, as in what AppSync's clients get.
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        _require_small(body)
        release = await self._release(function_arn)
        home = None if executing_region else lambda_code.region_of(function_arn)
        region = executing_region or lambda_code.region_of(function_arn)
        if home and self._faults.now.is_down(home):
            raise RegionDownError(home)
        pool = self._pool(release, region, dict(extra_env or {}), home)
        try:
            return json.loads(await pool.invoke(body))
        except FunctionError:
            if pool.is_dead:
                raise RegionDownError(region) from None
            raise

    async def stop(self) -> None:
        """Ends every instance."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        await asyncio.gather(*(pool.stop() for pool in (*self._pools.values(), *self._retired)))

    async def _end_dead_regions(self) -> None:
        dead = {key: pool for key, pool in self._pools.items() if pool.home and self._faults.now.is_down(pool.home)}
        for key in dead:
            del self._pools[key]
        await asyncio.gather(*(pool.die() for pool in dead.values()))

    async def _release(self, arn: str) -> Release:
        clients = self._control_plane.clients
        return await self._control_plane.read(
            "lambda", ("release", arn), lambda: lambda_code.load(clients, arn, self._folder / "code")
        )

    def _pool(self, release: Release, region: str, extra: dict[str, str], home: str | None) -> "_Pool":
        key = (release.arn, region, home, tuple(sorted(extra.items())))
        pool = self._pools.get(key)
        if pool is None or pool.release != release:
            if pool is not None:
                pool.retire()
                self._retired.append(pool)
            variables = environment(
                release,
                region=region,
                endpoint=self._gateway_url,
                credentials=self._roles.credentials(release.role_arn),
                extra=extra,
            )
            log = self._folder / "logs" / f"{release.name}.{region}.log"
            # At the edge, a function's log and its metrics have its home's name in theirs.
            name = release.name if home else f"{lambda_code.region_of(release.arn)}.{release.name}"
            if self._logs:
                group = release.log_group if home else f"/aws/lambda/{name}"
                self._logs.follow(log, LogStream(region, group, variables["AWS_LAMBDA_LOG_STREAM_NAME"]))
            pool = _Pool(
                release,
                variables,
                log,
                self.clock,
                home,
                partial(self._function_faults.meet, release.name, region, release.timeout_seconds),
                partial(self._metrics.invocation, region, name),
            )
            self._pools[key] = pool
        if self._sweeper is None:
            self._sweeper = asyncio.ensure_future(self._sweep())
        return pool

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            for pool in self._pools.values():
                pool.end_idle(since=time.monotonic() - _IDLE_SECONDS)
            self._retired = [pool for pool in self._retired if not pool.empty]


def _require_small(payload: bytes) -> None:
    if len(payload) > _LARGEST_PAYLOAD:
        message = (
            f"{len(payload)} byte payload is too large for the RequestResponse invocation type "
            f"(limit {_LARGEST_PAYLOAD} bytes)"
        )
        raise ClientError({"Error": {"Code": "RequestEntityTooLargeException", "Message": message}}, "Invoke")


class _Pool:
    """The instances of one release in one region, which is its `home` but for functions at the edge: theirs is None.

    `before` comes before each invocation, and may raise what the function would; `measure` surrounds both.
    """

    def __init__(
        self,
        release: Release,
        variables: Mapping[str, str],
        log: Path,
        clock: SimulatedClock,
        home: str | None,
        before: Callable[[], Awaitable[None]],
        measure: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.release = release
        self.home = home
        self.is_dead = False
        self._before = before
        self._measure = measure
        self._variables = variables
        self._log = log
        self._clock = clock
        self._retired = False
        self._free = asyncio.Semaphore(_INSTANCES_PER_FUNCTION)
        self._idle: list[tuple[float, Instance]] = []  # the warmest last
        self._all: set[Instance] = set()
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def empty(self) -> bool:
        return not self._all

    async def invoke(self, payload: bytes) -> bytes:
        async with self._free:
            with self._measure():
                await self._before()
                return await self._in_an_instance(payload)

    async def _in_an_instance(self, payload: bytes) -> bytes:
        instance = await self._take()
        try:
            return await instance.invoke(payload)
        finally:
            if instance.usable and not self._retired:
                self._idle.append((time.monotonic(), instance))
            else:
                self._end(instance)

    def retire(self) -> None:
        """Ends what is idle now, and what is busy as soon as it has answered."""
        self._retired = True
        self.end_idle(since=time.monotonic())

    async def die(self) -> None:
        """Ends with the region: whoever waits for an answer gets none, and nobody begins."""
        self.is_dead = True
        await self.stop()

    def end_idle(self, *, since: float) -> None:
        for used, instance in list(self._idle):
            if used <= since:
                self._idle.remove((used, instance))
                self._end(instance)

    async def stop(self) -> None:
        self._retired = True
        for instance in self._all:
            self._end(instance)
        while self._ending:
            await asyncio.gather(*self._ending)

    async def _take(self) -> Instance:
        if self.is_dead:
            raise FunctionError({})
        while self._idle:
            _, instance = self._idle.pop()
            if instance.usable:
                return instance
            self._end(instance)
        instance = Instance(self.release, self._variables, self._log, self._clock)
        self._all.add(instance)
        try:
            await instance.start()
        except BaseException:
            self._end(instance)
            raise
        return instance

    def _end(self, instance: Instance) -> None:
        task = asyncio.ensure_future(instance.stop())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        task.add_done_callback(lambda _: self._all.discard(instance))
