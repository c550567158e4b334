"""The lock's part; resolving pending creates is proven with the real engine in tests/end_to_end."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli import recovery
from cli.errors import CommandError


class Engine:
    def __init__(self) -> None:
        self.settings = SimpleNamespace(stack="local")
        self.cancelled = 0

    def cancel(self) -> None:
        self.cancelled += 1


def lock(backend: Path, **facts: Any) -> None:
    path = backend / ".pulumi" / "locks" / "organization" / "antipodes" / "local" / "1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"hostname": socket.gethostname(), **facts}))


def a_process_that_is_gone() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_lock_of_a_process_that_is_gone_is_cleared(tmp_path: Path):
    lock(tmp_path, pid=a_process_that_is_gone())
    engine = Engine()

    assert recovery.clear_dead_lock(engine, tmp_path)  # type: ignore[arg-type]
    assert engine.cancelled == 1


def test_the_lock_of_a_living_process_is_respected(tmp_path: Path):
    lock(tmp_path, pid=os.getpid())
    engine = Engine()

    with pytest.raises(CommandError, match=rf"another command \(process {os.getpid()} on .* stack local.*stop it"):
        recovery.clear_dead_lock(engine, tmp_path)  # type: ignore[arg-type]
    assert engine.cancelled == 0


def test_a_lock_taken_on_another_machine_is_respected(tmp_path: Path):
    lock(tmp_path, pid=a_process_that_is_gone(), hostname="elsewhere")

    with pytest.raises(CommandError, match="elsewhere"):
        recovery.clear_dead_lock(Engine(), tmp_path)  # type: ignore[arg-type]


def test_without_a_lock_nothing_is_cancelled(tmp_path: Path):
    engine = Engine()

    assert not recovery.clear_dead_lock(engine, tmp_path)  # type: ignore[arg-type]
    assert engine.cancelled == 0
