"""That a secret is written so that it stays one, on the stack at hand."""

from collections.abc import Callable

import pulumi
import pytest
import yaml
from pulumi.runtime.config import set_all_config

from components import config_secrets

VALUE = "da2-a-value-that-must-not-show"
KEY = "antipodes:originHeaders"
HEADERS = {"ireland": {"x-api-key": VALUE}}
COMMAND = f"pulumi config set --stack prod --secret --path '{KEY}.ireland[\"x-api-key\"]' VALUE"


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """What is warned of on a stack of that name."""
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    monkeypatch.delenv("PULUMI_CONFIG_SECRET_KEYS", raising=False)
    set_all_config({})

    def of(stack: str) -> list[str]:
        monkeypatch.setattr(pulumi, "get_stack", lambda: stack)
        config_secrets.warn_of_plain_text(HEADERS)
        return warnings

    return of


def test_the_advice_is_a_command_for_the_stack_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")

    assert config_secrets.advice("ireland", "x-api-key").endswith(f"# {COMMAND}")


def test_on_the_stack_of_this_machine_it_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi, "get_stack", lambda: "local")

    assert yaml.safe_load(config_secrets.advice("ireland", "x-api-key")) == {KEY: {"ireland": {"x-api-key": "VALUE"}}}


def test_plain_text_is_warned_of_once_with_the_command_and_without_the_value(
    warned: Callable[[str], list[str]],
) -> None:
    (warning,) = warned("prod")

    assert warning.startswith(f"{KEY} is plain text in Pulumi.prod.yaml")
    assert warning.endswith(COMMAND)
    assert VALUE not in warning


def test_on_the_stack_of_this_machine_plain_text_is_all_right(warned: Callable[[str], list[str]]) -> None:
    assert warned("local") == []


def test_what_is_encrypted_is_not_warned_of(
    warned: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all_config({KEY: "{}"}, [KEY])
    assert warned("prod") == []

    set_all_config({}, [])
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", f'["{KEY}"]')
    assert warned("prod") == []
