import importlib
from collections.abc import Callable
from typing import Any

import pytest

from region.authorizer.credential import Credential

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Handler:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    module = importlib.import_module("region.authorizer.handler")
    monkeypatch.setattr(module, "_credential", Credential(lambda: "right"))
    found: Handler = module.handler
    return found


def test_the_bearer_of_the_token_is_let_in(handler: Handler) -> None:
    assert handler({"authorizationToken": "right"}, None) == {"isAuthorized": True}


@pytest.mark.parametrize("event", [{"authorizationToken": "wrong"}, {"authorizationToken": None}, {}])
def test_anyone_else_is_refused_and_soon_asked_again(handler: Handler, event: dict[str, Any]) -> None:
    assert handler(event, None) == {"isAuthorized": False, "ttlOverride": 5}
