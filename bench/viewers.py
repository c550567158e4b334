"""Viewers who ask an edge location as fast as it answers, or at a given rate, in a process of their own."""

import asyncio
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bench.http_message import size
from sandbox.ports import LOOPBACK

_QUERY = b'{"query":"{ region }"}'
_REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"Authorization: 0123456789abcdef0123456789abcdef\r\nUser-Agent: bench\r\n\r\n%s"
)
_SECONDS = 30.0
_OK = b"HTTP/1.1 200 "


@dataclass(frozen=True)
class Phase:
    """`rate` requests a second to `host` for so many seconds; as many as are answered where it is None."""

    host: str
    seconds: float
    rate: float | None = None


@dataclass(frozen=True)
class Outcome:
    """Seconds that each answered request took, what became of the others, and how long all of them took together."""

    took: list[float]
    failed: list[str]
    seconds: float


def viewers(ca: Path, port: int, count: int, parent: Connection) -> None:
    """`count` viewers, each of whom waits for an answer before asking again.

    Takes phases from `parent`, sends it their outcomes, and ends when it closes.
    """
    context = ssl.create_default_context(cafile=str(ca))
    parent.send("ready")
    while True:
        try:
            phase = parent.recv()
        except EOFError:
            return
        parent.send(asyncio.run(_phase(context, port, count, phase)))


async def _phase(context: ssl.SSLContext, port: int, count: int, phase: Phase) -> Outcome:
    outcome = Outcome([], [], 0.0)
    streams = [
        await asyncio.open_connection(LOOPBACK, port, ssl=context, server_hostname=phase.host) for _ in range(count)
    ]
    begun = time.perf_counter()
    due = _due(begun, phase)
    await asyncio.gather(*(_view(*stream, phase, due, outcome) for stream in streams))
    return Outcome(outcome.took, outcome.failed, time.perf_counter() - begun)


def _due(begun: float, phase: Phase) -> Iterator[float]:
    """When each request is to be sent, for whichever viewer is free: late ones count from then on all the same."""
    if phase.rate is not None:
        yield from (begun + number / phase.rate for number in range(int(phase.rate * phase.seconds)))
        return
    while (now := time.perf_counter()) < begun + phase.seconds:
        yield now


async def _view(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, phase: Phase, due: Iterator[float], outcome: Outcome
) -> None:
    request = _REQUEST % (phase.host.encode(), len(_QUERY), _QUERY)
    for at in due:
        if phase.rate is not None:
            await asyncio.sleep(at - time.perf_counter())
        try:
            writer.write(request)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SECONDS)
            await reader.readexactly(size(head) - len(head))
        except (OSError, EOFError, ValueError) as error:
            outcome.failed.append(repr(error))
            return
        outcome.took.append(time.perf_counter() - at)
        if not head.startswith(_OK):
            outcome.failed.append(head.partition(b"\r\n")[0].decode("latin-1"))
    writer.close()
