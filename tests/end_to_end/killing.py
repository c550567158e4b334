"""`kill -9` of the engine in the middle of its work."""

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.checkout import Checkout

STATE = Path(".sandbox/state/.pulumi/stacks/antipodes/local.json")


def killed(checkout: Checkout, *command: str, when: Callable[[int], bool]) -> int:
    """Runs the command and kills its engine as soon as the number of resources in the state is such.

    Returns:
        How many the state then holds.
    """
    with checkout.start(*command) as started:
        deadline = time.monotonic() + 120
        while not when(len(state(checkout).get("resources") or [])):
            assert started.poll() is None, f"{command[0]} ended before its engine could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        for process in engines_below(started.pid):
            os.kill(process, signal.SIGKILL)
        _, errors = started.communicate(timeout=60)
    assert started.returncode == 1
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
    try:
        return dict(json.loads((checkout.root / STATE).read_text())["checkpoint"].get("latest") or {})
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
