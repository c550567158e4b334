"""`kill -9` of the engine in the middle of its work."""

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.checkout import Checkout

STATE = Path(".sandbox/state/.pulumi/stacks/antipodes/local.json")


def killed(checkout: Checkout, *command: str, when: Callable[[int], bool]) -> bool:
    """Runs the command and kills its engine as soon as the number of resources in the state is such.

    Returns:
        Whether it was killed; a fast one may be done before.
    """
    with checkout.start(*command) as started:
        deadline = time.monotonic() + 240
        while started.poll() is None:
            assert time.monotonic() < deadline
            if when(held(checkout)) and (engines := engines_below(started.pid)):
                with contextlib.suppress(ProcessLookupError):
                    for engine in engines:
                        os.kill(engine, signal.SIGKILL)
                break
            time.sleep(0.005)
        _, errors = started.communicate(timeout=60)
    assert "Traceback" not in errors
    return started.returncode == 1


def engines_below(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, command, rest = re.match(r"(\d+) \((.*)\) (.*)", stat.read_text()).groups()  # type: ignore[union-attr]
        except (OSError, AttributeError):
            continue
        if int(rest.split()[1]) == parent and command == "pulumi":
            found.append(int(pid))
    return found


def held(checkout: Checkout) -> int:
    """How many resources the engine has written down so far."""
    return len(state(checkout).get("resources") or [])


def state(checkout: Checkout) -> dict[str, list[object]]:
    """What the engine has written down so far."""
    try:
        return dict(json.loads((checkout.root / STATE).read_text())["checkpoint"].get("latest") or {})
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
