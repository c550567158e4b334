import threading
from types import SimpleNamespace
from typing import Any

import pytest

from cli.commands import status as command
from cli.commands.status import status
from ops import status as work
from sandbox.errors import ViewerError
from sandbox.folder import Daemon

OUTPUTS: dict[str, Any] = {
    "url": "https://global-api.example.com/graphql",
    "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
    "latencyRecord": "latency-routing.example.com",
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A stack in the sandbox, whose outputs are told once: each time takes a start of the engine's CLI."""
    outputs = [OUTPUTS]
    session = SimpleNamespace(
        deployed=outputs.pop, daemon=Daemon(0, 20_000, "ca.pem", ["London", "Melbourne"]), clients=lambda _: None
    )
    monkeypatch.setattr(command, "open_session", lambda *_, **__: session)
    monkeypatch.setattr("cli.reach.to", lambda *_: None)
    monkeypatch.setattr("cli.pace.of", lambda _: None)
    return outputs


def test_dns_is_asked_while_the_regions_are(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    both = threading.Barrier(2, timeout=30)

    def look(_: Any) -> work.Status:
        both.wait()
        return work.Status({}, by_dns=True, operations=())

    def named(*_: Any) -> dict[str, str | None]:
        both.wait()
        raise ViewerError("no answer from the DNS")

    monkeypatch.setattr(work, "look", look)
    monkeypatch.setattr("cli.show.named", named)

    status(json=True)

    assert not told
    assert capsys.readouterr().err == "no answer from the DNS\n"
