"""The least of Lambda's Runtime API: one event for one fresh process, and the moment of its answer."""

import json
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from sandbox.ports import LOOPBACK

_SECONDS = 30.0
_NEXT = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "Lambda-Runtime-Aws-Request-Id: 00000000-0000-4000-8000-000000000000\r\n"
    "Lambda-Runtime-Deadline-Ms: {deadline}\r\n"
    "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:router:1\r\n"
    "Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000\r\n"
    "Content-Length: {length}\r\n\r\n"
)


class ColdStartError(Exception):
    """The process gave no answer; the message has what it said instead."""


def cold_start(command: Sequence[str], folder: Path, environment: Mapping[str, str], event: bytes) -> tuple[float, Any]:
    """Starts `command` in `folder` behind a Runtime API; seconds until it has answered `event`, and the answer.

    Raises:
        ColdStartError: it told an error, ended, or said nothing within 30 seconds.
    """
    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.settimeout(_SECONDS)
        own = {"AWS_LAMBDA_RUNTIME_API": f"{LOOPBACK}:{listener.getsockname()[1]}"}
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**environment, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            outcome, body = _exchange(listener, event)
            seconds = time.perf_counter() - begun
        except (OSError, ValueError) as error:
            process.kill()
            said = process.communicate()[1].decode(errors="replace")
            raise ColdStartError(f"{' '.join(command)}: {error!r}; it said: {said}") from error
        process.kill()
        process.communicate()
    if outcome != "response":
        raise ColdStartError(f"{' '.join(command)} failed: {body.decode(errors='replace')}")
    return seconds, json.loads(body)


def _exchange(listener: socket.socket, event: bytes) -> tuple[str, bytes]:
    """Gives out the event; how the function ended (`response` or `error`), and its body."""
    while True:
        connection, _ = listener.accept()
        with connection, cast("BinaryIO", connection.makefile("rwb")) as stream:
            connection.settimeout(_SECONDS)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while request := stream.readline().decode("ascii").split():
                length = _content_length(stream)
                body = stream.read(length)
                if request[0] == "POST":
                    stream.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                    stream.flush()
                    return request[1].rpartition("/")[2], body
                deadline = int((time.time() + _SECONDS) * 1000)
                stream.write(_NEXT.format(deadline=deadline, length=len(event)).encode() + event)
                stream.flush()


def _content_length(stream: BinaryIO) -> int:
    """Reads the header; the length of the body that follows it."""
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        if name.lower() == b"transfer-encoding":
            raise ValueError("the Runtime API of the benchmark takes no chunked bodies")
    return length
