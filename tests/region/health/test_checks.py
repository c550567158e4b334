import time
from threading import Barrier, Event

import pytest

from region.health.checks import CannotTellError, Check, all_at_once
from region.health.verdict import UNKNOWN

PATIENCE = 30.0  # seconds that no test needs


def fails() -> None:
    raise RuntimeError("the table example.com.events")


def cannot_tell() -> None:
    raise CannotTellError("no figure")


def test_each_part_has_the_state_of_its_checks() -> None:
    checks = [
        Check("tables", lambda: None),
        Check("tables", fails),
        Check("canary", lambda: None),
        Check("stream", cannot_tell),
    ]

    assert all_at_once(checks, PATIENCE) == {"tables": "failed", "canary": "ok", "stream": "unknown"}


def test_why_a_check_failed_is_for_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    all_at_once([Check("tables", fails)], PATIENCE)

    assert capsys.readouterr().out == "tables: RuntimeError: the table example.com.events\n"


def test_checks_wait_for_one_another_and_not_in_turn() -> None:
    together = Barrier(8, timeout=PATIENCE)

    assert all_at_once([Check("tables", together.wait)] * 8, PATIENCE) == {"tables": "ok"}


def test_what_hangs_is_slow_or_what_it_says_of_itself_and_holds_up_nothing() -> None:
    never = Event()
    checks = [
        Check("api", never.wait),
        Check("stream", never.wait, late=UNKNOWN),
        Check("tables", lambda: None),
    ]
    began = time.monotonic()
    states = all_at_once(checks, 0.2)
    never.set()

    assert states == {"api": "slow", "stream": "unknown", "tables": "ok"}
    assert time.monotonic() - began < PATIENCE
