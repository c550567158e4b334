import json
import sys

import log
import pytest


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(log, "_next", {})
    monkeypatch.setattr("log.time.monotonic", lambda: now[0])
    return now


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_report_is_one_line_of_json(capsys: pytest.CaptureFixture[str]):
    log.report("lookup-failed", reason="two\nlines", last="ireland")

    assert capsys.readouterr().out == (
        '{"antipodes": "router", "event": "lookup-failed", "reason": "two\\nlines", "last": "ireland"}\n'
    )


def test_what_cannot_be_written_costs_nobody_the_answer(monkeypatch: pytest.MonkeyPatch):
    log.report("odd", fact=object())
    monkeypatch.setattr(sys, "stdout", open("/dev/full", "w", buffering=1))  # noqa: PTH123, SIM115 - stays until the end

    log.report("full")


@pytest.mark.usefixtures("clock")
def test_what_may_happen_in_every_request_is_told_once_in_a_while(
    capsys: pytest.CaptureFixture[str], clock: list[float]
):
    times = []
    for second in (1000.0, 1000.1, 1004.9, 1005.0, 1009.9, 1010.0):
        clock[0] = second
        log.report_seldom("again")
        times += [second] * len(lines(capsys))

    assert times == [1000.0, 1005.0, 1010.0]


@pytest.mark.usefixtures("clock")
def test_each_event_is_told_by_itself(capsys: pytest.CaptureFixture[str]):
    log.report_seldom("one")
    log.report_seldom("other", fact=1)

    assert lines(capsys) == [
        {"antipodes": "router", "event": "one"},
        {"antipodes": "router", "event": "other", "fact": 1},
    ]


@pytest.mark.usefixtures("clock")
def test_a_defect_is_told_with_its_place_and_without_its_text(capsys: pytest.CaptureFixture[str]):
    def fails() -> None:
        raise KeyError("Bearer secret")

    with pytest.raises(KeyError) as caught:
        fails()
    log.report_defect(caught.value)

    assert lines(capsys) == [
        {
            "antipodes": "router",
            "event": "defect",
            "error": "KeyError",
            "at": f"test_log.py:{fails.__code__.co_firstlineno + 1}",
        }
    ]


@pytest.mark.usefixtures("clock")
def test_a_defect_without_a_place_is_told_all_the_same(capsys: pytest.CaptureFixture[str]):
    log.report_defect(ValueError("never raised"))

    assert [line["at"] for line in lines(capsys)] == ["unknown"]
