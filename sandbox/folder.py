"""The sandbox's folder on disk, and the daemon that lives in it, as the command sees them."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.ports import Ports, require_free

LOCK = "daemon.lock"
DAEMON = "daemon.json"
LOG = "daemon.log"
_START_SECONDS = 60
_STOP_SECONDS = 20


class SandboxError(Exception):
    """The sandbox could not be started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Daemon:
    """A running daemon: its process, its block of ports and the cities that have an edge location."""

    pid: int
    base: int
    aws_endpoint: str
    provider: int
    ca: str
    cities: list[str]

    @property
    def ports(self) -> Ports:
        return Ports(self.base)


def write_json(path: Path, value: Any) -> None:
    """Writes whole or not at all, so that a reader never sees half a file."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)


def running(home: Path) -> Daemon | None:
    """The daemon that lives in `home`, or None."""
    if not _is_locked(home):
        return None
    try:
        return Daemon(**json.loads((home / DAEMON).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def start(home: Path, base: int, cities: list[str]) -> Daemon:
    """Starts a daemon and waits until all its parts answer.

    The AWS that it serves is new and empty, so what an earlier one left in `home` is forgotten first.

    Raises:
        PortInUseError: another program listens on a port of the block.
        SandboxError: it ended or did not answer in time.
    """
    ports = Ports(base)
    require_free([ports.gateway, ports.provider, ports.emulator, *ports.dns.values(), *ports.regions.values()])
    require_free([ports.edges[city] for city in cities])
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    with (home / LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", str(home), str(base), *cities],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal ends the command, not the AWS that it talks to
        )
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if (home / DAEMON).exists():
            return Daemon(**json.loads((home / DAEMON).read_text(encoding="utf-8")))
        time.sleep(0.05)
    process.kill()
    last = (home / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] or ["no output"]
    raise SandboxError(f"the sandbox did not start: {last[0]}. Its whole log: {home / LOG}")


def stop(home: Path) -> None:
    """Ends the daemon and all that it started; nothing to do where none runs."""
    daemon = running(home)
    if daemon is None:
        return
    os.kill(daemon.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while _is_locked(home):
        if time.monotonic() > deadline:
            raise SandboxError(f"the sandbox (process {daemon.pid}) did not stop; end it with: kill -9 {daemon.pid}")
        time.sleep(0.05)


def _is_locked(home: Path) -> bool:
    try:
        with (home / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
