"""`kill -9` of the engine in the middle of `up`: the next `up` goes on, and nothing is made twice."""

import json
import os
import re
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from sandbox.aws import Clients
from sandbox.inventory import list_resources
from tests.end_to_end.checkout import Checkout

pytestmark = pytest.mark.end_to_end

POINTS = (1, 12, 30, 50, 65)  # resources in the state when the engine is killed


def test_an_up_killed_at_five_points_ends_as_one_that_was_not(checkout: Checkout):
    checkout.done("up")
    whole = kinds(checkout)
    checkout.done("down")

    for point in POINTS:
        killed = killed_up(checkout, point)
        assert killed < sum(whole.values()), f"the engine had finished before it was killed at {point}"
    finished = checkout.run("up")

    assert finished.returncode == 0, finished.stderr
    assert "Cleared the lock" in finished.stderr
    assert kinds(checkout) == whole
    assert state(checkout).get("pending_operations") in (None, [])
    again = checkout.json("up")
    assert set(again["changes"]) <= {"same"}
    drift = checkout.json("refresh")
    assert drift["steps"] == []


def killed_up(checkout: Checkout, point: int) -> int:
    """Kills the engine once its state holds `point` resources; how many the state then holds."""
    with checkout.start("up") as command:
        deadline = time.monotonic() + 120
        while len(state(checkout).get("resources") or []) < point:
            assert command.poll() is None, f"up ended before it had made {point} resources"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        for process in engines_below(command.pid):
            os.kill(process, signal.SIGKILL)
        _, errors = command.communicate(timeout=60)
    assert command.returncode == 1
    assert "Traceback" not in errors
    return len(state(checkout).get("resources") or [])


def engines_below(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, command, rest = re.match(r"(\d+) \((.*)\) (.*)", stat.read_text()).groups()  # type: ignore[union-attr]
        except (OSError, AttributeError):
            continue
        if int(rest.split()[1]) == parent and command == "pulumi":
            found.append(int(pid))
    assert found, "no engine runs below the command"
    return found


def state(checkout: Checkout) -> dict[str, list[object]]:
    """What the engine has written down so far."""
    path = checkout.root / ".sandbox/state/.pulumi/stacks/antipodes/local.json"
    try:
        return dict(json.loads(path.read_text())["checkpoint"].get("latest") or {})
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def kinds(checkout: Checkout) -> Counter[str]:
    """What AWS holds, without the random ends of names and ids."""
    names = list_resources(Clients(f"http://127.0.0.1:{checkout.port}"))
    return Counter(re.sub(r"[0-9a-f-]{36}|-[0-9a-f]{7}\b|\bE[A-Z0-9]{13}\b|apis/\w+", "*", name) for name in names)
