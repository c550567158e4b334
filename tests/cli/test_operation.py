import io
import sys

import pytest

from cli import operation
from cli.errors import CommandError, Interrupted, UsageError
from cli.output import Console
from ops.plan import Plan

PLAN = Plan("drain sydney", ("Ireland is healthy.",), ("Write it in ireland.", "Wait for DNS."))
NOTHING = Plan("drain sydney", ("It is drained.",), ())


class Terminal(io.StringIO):
    """Where somebody sits and gives this answer."""

    def __init__(self, given: str | BaseException) -> None:
        super().__init__("" if isinstance(given, BaseException) else f"{given}\n")
        self._raised = given if isinstance(given, BaseException) else None

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        if self._raised:
            raise self._raised
        return super().readline(size)


def test_a_plan_is_shown_before_it_is_agreed_on(capsys: pytest.CaptureFixture[str]):
    assert operation.agree(Console(as_json=False), PLAN, yes=True)

    shown = capsys.readouterr()
    assert not shown.out
    assert shown.err == "Ireland is healthy.\nTo drain sydney:\n  1. Write it in ireland.\n  2. Wait for DNS.\n"


def test_where_there_is_nothing_to_do_nobody_is_asked(capsys: pytest.CaptureFixture[str]):
    assert not operation.agree(Console(as_json=False), NOTHING, yes=False)

    assert capsys.readouterr().err == "It is drained.\n✓ drain sydney: nothing to do\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_where_nobody_can_be_asked_nothing_is_done_without_a_yes(*, as_json: bool):
    with pytest.raises(UsageError, match=r"^drain sydney: .* --yes was not given\. Nothing was done\."):
        operation.agree(Console(as_json=as_json), PLAN, yes=False)


def test_who_is_asked_may_say_yes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", Terminal("y"))

    assert operation.agree(Console(as_json=False), PLAN, yes=False)


@pytest.mark.parametrize("given", ["n", "", EOFError(), Interrupted()], ids=["n", "nothing", "end of input", "Ctrl-C"])
def test_whatever_else_is_answered_means_no(monkeypatch: pytest.MonkeyPatch, given: str | BaseException):
    monkeypatch.setattr(sys, "stdin", Terminal(given))

    with pytest.raises(CommandError, match=r"not confirmed\. Nothing was done"):
        operation.agree(Console(as_json=False), PLAN, yes=False)
