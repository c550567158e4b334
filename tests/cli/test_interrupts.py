import os
import signal
from collections.abc import Iterator

import pytest

from cli import main
from cli.output import Console


@pytest.fixture
def handler() -> Iterator[None]:
    """The signal's handler is as before when the test ends."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("handler")
def test_a_second_ctrl_c_while_the_first_is_told_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []

    def tell(_: Console, text: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        told.append(text)

    monkeypatch.setattr(Console, "error", tell)

    with pytest.raises(SystemExit, match="1"):
        main.guarded(lambda: os.kill(os.getpid(), signal.SIGINT))

    assert [text.partition(".")[0] for text in told] == ["interrupted"]
