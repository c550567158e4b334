"""The sandbox's folder on disk, and the daemon that lives in it, as the command sees them.

A lock on a file there, not a process id, tells that a daemon lives: it passes from the command that starts the daemon
to the daemon itself, and the system frees it however that ends.
"""

import contextlib
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
_KILL_SECONDS = 5
_POLL_SECONDS = 0.05


class SandboxError(Exception):
    """The sandbox could not be started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Daemon:
    """A running daemon: its process, its block of ports, the cities that have an edge location, and the version of the
    sandbox that it runs, which is empty where it was started by one that did not tell.
    """

    pid: int
    base: int
    ca: str
    cities: list[str]
    version: str = ""

    @property
    def ports(self) -> Ports:
        return Ports(self.base)


def write_json(path: Path, value: Any) -> None:
    """Writes whole or not at all, so that a reader never sees half a file."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)


def running(home: Path) -> Daemon | None:
    """The daemon that lives in `home` and answers, or None."""
    return _described(home) if _is_locked(home) else None


def start(home: Path, base: int, cities: list[str]) -> Daemon:
    """Starts a daemon and waits until all its parts answer; one that fails to leaves nothing behind but its logs.

    The AWS that it serves is new and empty, so what an earlier one left in `home` is forgotten first.

    Raises:
        PortInUseError: another program listens on a port of the block.
        SandboxError: a daemon lives in `home` already; or this one ended, or did not answer in time.
    """
    ports = Ports(base)
    dns = list(ports.dns.values())
    tcp = [ports.gateway, ports.provider, ports.emulator, *dns, *ports.regions.values()]
    tcp += [ports.edges[city] for city in cities]
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)  # what functions print and what the engine keeps there is the user's alone
    with (home / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SandboxError(
                f"a sandbox runs in {home}, or is being started or ended there; to end it: antipodes down"
            ) from None
        _clear(home)
        require_free(tcp=tcp, udp=dns)
        process = _spawn(home, lock.fileno(), [str(base), *cities])
    try:
        daemon = _once_started(home)
    except BaseException:  # Ctrl-C too: nobody would know of it
        process.kill()
        process.wait()
        raise
    if daemon is None:
        code = process.wait()
        require_free(tcp=tcp, udp=dns)  # a port that was taken in the meantime is the likely reason, and has a remedy
        last = (home / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        reason = last[0] if last else f"it ended with code {code}"
        raise SandboxError(f"the sandbox did not start: {reason}. Its whole log: {home / LOG}")
    return daemon


def stop(home: Path) -> None:
    """Ends the daemon and all that it started; nothing to do where none runs.

    Raises:
        SandboxError: it is still there.
    """
    daemon = _once_started(home)
    if daemon is None:
        return
    for number, seconds in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, _KILL_SECONDS)):
        if not _is_locked(home):  # without it, the number may be another process's by now
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(daemon.pid, number)
        if _ended(home, daemon.pid, seconds):
            return
    raise SandboxError(f"the sandbox (process {daemon.pid}) does not end; its log: {home / LOG}")


def _spawn(home: Path, lock: int, arguments: list[str]) -> subprocess.Popen[bytes]:
    with (home / LOG).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "sandbox", str(home), *arguments],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C in the terminal ends the command, not the AWS that it talks to
        )


def _once_started(home: Path) -> Daemon | None:
    """As `running`, but waits for a daemon that is being started, be it by a command that was killed meanwhile."""
    deadline = time.monotonic() + _START_SECONDS
    while _is_locked(home):
        daemon = _described(home)
        if daemon is not None:
            return daemon
        if time.monotonic() > deadline:
            raise SandboxError(f"the sandbox did not answer within {_START_SECONDS} seconds; its log: {home / LOG}")
        time.sleep(_POLL_SECONDS)
    return None


def _described(home: Path) -> Daemon | None:
    try:
        return Daemon(**json.loads((home / DAEMON).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _clear(home: Path) -> None:
    for path in home.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _is_locked(home: Path) -> bool:
    try:
        with (home / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _ended(home: Path, pid: int, seconds: float) -> bool:
    """Whether the process is gone within that time; it frees the lock a moment before."""
    deadline = time.monotonic() + seconds
    while _is_locked(home) or _is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _is_alive(pid: int) -> bool:
    try:
        # A child of this very process stays in the system's table until it is waited for.
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except OSError:  # gone, or the number belongs to another user's process by now
        return False
    return True
