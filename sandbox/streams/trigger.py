"""Runs one event source mapping: reads its stream and invokes its function, a batch after the other."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.background import end
from sandbox.cloudwatch.function_metrics import FunctionMetrics
from sandbox.extensions.call import AwsError, Scope, Upstream
from sandbox.lambda_runtime import FunctionError
from sandbox.streams import discard
from sandbox.streams.batch import (
    Batch,
    after_error,
    after_partial_failure,
    failed_from,
    first_batch,
    overaged,
)
from sandbox.streams.mapping import Mapping
from sandbox.streams.stream import Record, Stream, written_at

log = logging.getLogger(__name__)

# Invokes the function of an ARN with an event, and returns its answer.
Invoke = Callable[[str, Any], Awaitable[Any]]

# AWS backs off exponentially and does not say how; these are seconds.
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_DOUBLINGS = 5


class Trigger:
    """The poller of `mapping`, which may be replaced while it runs.

    Records are settled in the stream's order: the function had them, or they were discarded and the destination was
    told. A record that is being settled when the poller ends is not settled, as on AWS.
    """

    def __init__(
        self, mapping: Mapping, upstream: Upstream, invoke: Invoke, metrics: FunctionMetrics | None = None
    ) -> None:
        self.mapping = mapping
        self.last_result = "No records processed"
        self._upstream = upstream
        self._invoke = invoke
        self._metrics = metrics or FunctionMetrics()
        self._stream = Stream(upstream, Scope(mapping.account, mapping.region, "dynamodb"), mapping.stream_arn)
        self._unsettled: deque[Record] = deque()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Takes its position in the stream, which is reached when this returns."""
        if self.mapping.starting_position == "LATEST":
            await self._stream.read()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await end(self._task)

    def wake(self) -> None:
        """Says that the stream may have new records, or that the mapping has changed."""
        self._woken.set()

    async def pending(self) -> int:
        """The number of records that are in the stream and not settled."""
        await self._read()
        return len(self._unsettled)

    def iterator_age(self, now: float) -> float:
        """The seconds for which the oldest unsettled record has been in the stream; 0 where there is none."""
        return max(now - written_at(self._unsettled[0]), 0.0) if self._unsettled else 0.0

    async def _run(self) -> None:
        while True:
            try:
                await self._wait_for_records()
                batches = deque([first_batch(self._unsettled, self.mapping.batch_size)])
                while batches:
                    batches.extendleft(reversed(await self._settle(batches.popleft())))
            except Exception:  # the emulator did not answer, say; what is not settled comes again
                log.exception("the stream %s was not processed and is tried again", self.mapping.stream_arn)
                await asyncio.sleep(_LONGEST_PAUSE)

    async def _wait_for_records(self) -> None:
        await self._wait_until(1, None)
        if self.mapping.window:
            await self._wait_until(self.mapping.batch_size, time.monotonic() + self.mapping.window)

    async def _wait_until(self, records: int, deadline: float | None) -> None:
        while True:
            self._woken.clear()
            if self.mapping.is_enabled:
                await self._read()
                if len(self._unsettled) >= records:
                    return
            try:
                await asyncio.wait_for(self._woken.wait(), deadline and deadline - time.monotonic())
            except TimeoutError:
                return

    async def _wait_until_enabled(self) -> None:
        while not self.mapping.is_enabled:
            self._woken.clear()
            await self._woken.wait()

    async def _read(self) -> None:
        self._unsettled += await self._stream.read()

    async def _settle(self, batch: Batch) -> list[Batch]:
        """Invokes the function once; what of the batch is still to be settled."""
        await self._wait_until_enabled()
        if old := overaged(batch, self.mapping.record_age, time.time()):
            await self._discard(batch.records[:old], discard.TOO_OLD, batch.invocations, None)
            rest = Batch(batch.records[old:], batch.retries, batch.invocations)
            return [rest] if rest.records else []
        batch = Batch(batch.records, batch.retries, batch.invocations + 1)
        error: str | None = None
        try:
            try:
                answer = await self._invoke(self.mapping.function_arn, self._event(batch))
            finally:
                age = time.time() - written_at(batch.records[-1])
                self._metrics.iterator_age(self.mapping.function_arn, max(age, 0.0))
        except FunctionError:
            error, failed, rest_of_it = "Unhandled", 0, after_error(batch, self.mapping)
        except Exception as problem:  # noqa: BLE001 - whatever kept the function from being invoked
            log.warning("%s could not be invoked: %s", self.mapping.function_arn, problem)
            self.last_result = f"PROBLEM: {problem}"
            await asyncio.sleep(_LONGEST_PAUSE)
            return [batch]
        else:
            reported = failed_from(batch, answer) if self.mapping.is_partial else None
            if reported is None:
                self._forget(len(batch.records))
                self.last_result = "OK"
                return []
            failed, rest_of_it = reported, after_partial_failure(batch, reported, self.mapping)
        self.last_result = "PROBLEM: Function call failed"
        self._forget(failed)
        if not rest_of_it:
            await self._discard(batch.records[failed:], discard.EXHAUSTED, batch.invocations, error)
        elif rest_of_it[0].retries > batch.retries:
            await asyncio.sleep(min(_FIRST_PAUSE * 2 ** min(batch.retries, _DOUBLINGS), _LONGEST_PAUSE))
        return rest_of_it

    def _event(self, batch: Batch) -> dict[str, Any]:
        return {"Records": [record | {"eventSourceARN": self.mapping.stream_arn} for record in batch.records]}

    async def _discard(self, records: tuple[Record, ...], condition: str, invocations: int, error: str | None) -> None:
        if arn := self.mapping.destination:
            text = discard.message(
                self.mapping, records, condition=condition, invocations=invocations, error=error, now=time.time()
            )
            try:
                await self._send(arn, text)
            except AwsError:  # AWS counts it in DestinationDeliveryFailures, and goes on
                log.exception("%s could not be told of discarded records: %s", arn, text)
        self._forget(len(records))

    async def _send(self, queue_arn: str, text: str) -> None:
        _, _, _, region, account, name = queue_arn.split(":")
        scope = Scope(account, region, "sqs")
        queue = await self._upstream(scope, "GetQueueUrl", QueueName=name)
        await self._upstream(scope, "SendMessage", QueueUrl=queue["QueueUrl"], MessageBody=text)

    def _forget(self, records: int) -> None:
        for _ in range(records):
            self._unsettled.popleft()
