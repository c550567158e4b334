"""Checks of a region's parts, made side by side and within a time, whatever hangs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Thread

from .verdict import FAILED, OK, SLOW, UNKNOWN, worst


class CannotTellError(Exception):
    """The check found out nothing: neither that its part works nor that it does not."""


@dataclass(frozen=True)
class Check:
    """A look at one thing of the region's part `part`; a part may have several.

    Attributes:
        run: returns where the thing works. It raises `CannotTellError` where it could not find out, and anything else
            where the thing does not work.
        late: the state where it has not returned in time.
    """

    part: str
    run: Callable[[], object]
    late: str = SLOW


def all_at_once(checks: Sequence[Check], seconds: float) -> dict[str, str]:
    """The state of each part, by its name, after at most `seconds`.

    A check that hangs is left behind in its thread, and ends by the time limits of the connections that it uses.
    """
    states: dict[int, str] = {}

    def look(number: int) -> None:
        states[number] = _state(checks[number])

    threads = [Thread(target=look, args=(number,), daemon=True) for number in range(len(checks))]
    end = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    in_time = dict(states)
    found: dict[str, list[str]] = {}
    for number, check in enumerate(checks):
        found.setdefault(check.part, []).append(in_time.get(number, check.late))
    return {part: worst(each) for part, each in found.items()}


def _state(check: Check) -> str:
    try:
        check.run()
    except CannotTellError as error:
        _log_once(f"{check.part}: {error}")
        return UNKNOWN
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the state of the part
        print(f"{check.part}: {type(error).__name__}: {error}")  # noqa: T201 - Lambda's log
        return FAILED
    return OK


@cache
def _log_once(text: str) -> None:
    """What cannot be told stays so for as long as a region is idle, and would fill the log."""
    print(text)  # noqa: T201 - Lambda's log
