"""Carries what functions print on to CloudWatch: lines to their log groups, and the metrics that are in them.

The files that functions print to stay as they are. Source for where a function's log is: "Sending Lambda function logs
to CloudWatch Logs" in the AWS Lambda Developer Guide, and for the edge "CloudWatch Metrics and CloudWatch Logs for edge
functions" in the Amazon CloudFront Developer Guide.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from typing import Any

from sandbox.background import end
from sandbox.cloudwatch.embedded_metrics import measured
from sandbox.cloudwatch.store import MetricStore, metric
from sandbox.extensions.call import DEFAULT_ACCOUNT, AwsError, Scope, Upstream

log = getLogger(__name__)
_PAUSE = 0.5  # seconds
_LARGEST_READ = 512 * 1024  # bytes a file and round: PutLogEvents takes a megabyte, with 26 bytes for each event
_MOST_EVENTS = 10_000  # "PutLogEvents" in the Amazon CloudWatch Logs API Reference
_MISSING = "ResourceNotFoundException"
_DEFAULT_GROUPS = "/aws/lambda/"


@dataclass(frozen=True)
class LogStream:
    """Where a function's log is: the region is the one that the function runs in."""

    region: str
    group: str
    name: str


@dataclass
class _Followed:
    stream: LogStream
    read: int = 0


class FunctionLogs:
    """Follows the files that functions print to, beside the functions' work.

    A region for which `is_down` keeps its lines until it is not. Lambda makes a log group of its own naming where there
    is none. What is printed for another group that is not there goes nowhere, as on AWS.
    """

    def __init__(
        self, upstream: Upstream, metrics: MetricStore, is_down: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._upstream = upstream
        self._metrics = metrics
        self._is_down = is_down
        self._files: dict[Path, _Followed] = {}
        self._task: asyncio.Task[None] | None = None

    def follow(self, file: Path, stream: LogStream) -> None:
        """Carries what is written to the file from now on to this stream."""
        followed = self._files.get(file)
        if followed is None:
            self._files[file] = _Followed(stream, _size(file))
        else:
            followed.stream = stream

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends it; harmless to repeat. What was not carried on stays in the files."""
        await end(self._task)

    async def carry(self) -> None:
        """Carries on what there is at the moment, a part of it where that is much."""
        for file, followed in list(self._files.items()):
            if _size(file) > followed.read and not self._is_down(followed.stream.region):
                lines = _new_lines(file, followed)
                for line in lines:
                    self._measure(followed.stream.region, line)
                try:
                    await self._put(followed.stream, lines)
                except AwsError as error:
                    log.warning("the log of %s was not carried on: %s", file.name, error)

    async def _run(self) -> None:
        while True:
            try:
                await self.carry()
            except Exception:
                log.exception("logs of functions were not carried on")
            await asyncio.sleep(_PAUSE)

    def _measure(self, region: str, line: str) -> None:
        for each in measured(line):
            for value in each.values:
                self._metrics.record(metric(region, each.namespace, each.name, each.dimensions), value)

    async def _put(self, stream: LogStream, lines: list[str]) -> None:
        now = int(self._metrics.now() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines if line]
        for chunk in (events[at : at + _MOST_EVENTS] for at in range(0, len(events), _MOST_EVENTS)):
            try:
                await self._call(stream, "PutLogEvents", logEvents=chunk)
            except AwsError as error:
                if error.code != _MISSING or not await self._made(stream):
                    raise
                await self._call(stream, "PutLogEvents", logEvents=chunk)

    async def _made(self, stream: LogStream) -> bool:
        """Makes the stream, and its group where that is Lambda's to make; whether it is there now."""
        scope = Scope(DEFAULT_ACCOUNT, stream.region, "logs")
        with suppress(AwsError):  # it is there
            if stream.group.startswith(_DEFAULT_GROUPS):
                await self._upstream(scope, "CreateLogGroup", logGroupName=stream.group)
        try:
            await self._call(stream, "CreateLogStream")
        except AwsError as error:
            return error.code != _MISSING
        return True

    async def _call(self, stream: LogStream, operation: str, **parameters: Any) -> None:
        scope = Scope(DEFAULT_ACCOUNT, stream.region, "logs")
        names = {"logGroupName": stream.group, "logStreamName": stream.name}
        await self._upstream(scope, operation, **names, **parameters)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _new_lines(file: Path, followed: _Followed) -> list[str]:
    """Whole lines; of one that is longer than a read, parts."""
    with file.open("rb") as opened:
        opened.seek(followed.read)
        text = opened.read(_LARGEST_READ)
    end = text.rfind(b"\n") + 1
    if not end and len(text) == _LARGEST_READ:
        end = len(text)
    followed.read += end
    return list(_decoded(text[:end]))


def _decoded(text: bytes) -> Iterator[str]:
    for line in text.split(b"\n"):
        yield line.decode("utf-8", "replace").rstrip("\r")
