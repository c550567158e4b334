"""The lock's part; resolving pending creates is proven with the real engine in tests/end_to_end."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from pulumi.automation import Deployment

from cli import recovery
from cli.errors import CommandError
from cli.recovery import Recovered


class AskedError(Exception):
    """The engine was asked for its state."""


class Engine:
    def __init__(self) -> None:
        self.settings = SimpleNamespace(stack="local")
        self.cancelled = 0

    def cancel(self) -> None:
        self.cancelled += 1

    def export(self) -> Deployment:
        raise AskedError


class Stopped(Engine):
    """One that was killed, and left a state."""

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__()
        self.state = state

    def export(self) -> Deployment:
        return Deployment(3, self.state)

    def import_(self, deployment: Deployment) -> None:
        self.state = dict(deployment.deployment or {})

    def refresh(self) -> None:
        """As AWS holds nothing, there is nothing to read."""


def never(kind: str, inputs: dict[str, Any]) -> NoReturn:
    raise AssertionError(kind)


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


def state(backend: Path, **latest: Any) -> None:
    path = backend / ".pulumi" / "stacks" / "antipodes" / "local.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "local", "latest": latest}}))


def test_where_the_states_file_holds_nothing_pending_the_engine_is_not_asked(tmp_path: Path):
    state(tmp_path, resources=[{"type": "aws:iam/role:Role"}])

    assert recovery.resolve_pending(Engine(), tmp_path, never) == Recovered((), ())  # type: ignore[arg-type]


@pytest.mark.parametrize("written", [True, False], ids=["something is pending", "the state is kept in another form"])
def test_else_the_engine_is_asked(tmp_path: Path, *, written: bool):
    if written:
        state(tmp_path, pending_operations=[{"type": "creating"}])

    with pytest.raises(AskedError):
        recovery.resolve_pending(Engine(), tmp_path, never)  # type: ignore[arg-type]


def test_what_is_the_engines_own_is_not_looked_for_in_aws(tmp_path: Path):
    provider = {
        "type": "pulumi:providers:aws",
        "urn": "urn:pulumi:local::a::pulumi:providers:aws::default",
        "custom": True,
    }
    pending = {"resource": provider, "type": "creating"}
    engine = Stopped({"resources": [], "pending_operations": [pending]})

    assert recovery.resolve_pending(engine, tmp_path, never) == Recovered((), ())  # type: ignore[arg-type]
    assert engine.state == {"resources": [], "pending_operations": []}
