import json

import pytest
from pulumi.runtime.config import set_all_config

from components import stack_config

REGIONS = {"ireland": "eu-west-1"}


@pytest.fixture(autouse=True)
def no_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    monkeypatch.delenv("PULUMI_CONFIG_SECRET_KEYS", raising=False)
    set_all_config({}, [])


def test_config_is_read_as_the_automation_api_hands_it_over() -> None:
    set_all_config({"antipodes:domain": "example.com", "antipodes:regions": json.dumps(REGIONS)})

    assert stack_config.read() == {"antipodes:domain": "example.com", "antipodes:regions": REGIONS}


def test_config_is_read_as_the_engines_python_host_hands_it_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"antipodes:regions": json.dumps(REGIONS)}))

    assert stack_config.read() == {"antipodes:regions": REGIONS}


def test_a_list_and_a_broken_object_come_through_for_the_rules_to_judge() -> None:
    set_all_config({"a:list": '["eu-west-1"]', "a:text": "{not json", "a:flag": "true"})

    assert stack_config.read() == {"a:list": ["eu-west-1"], "a:text": "{not json", "a:flag": "true"}


def test_what_is_secret_is_read_as_the_automation_api_tells_it() -> None:
    set_all_config({"antipodes:domain": "example.com", "a:key": "value"}, ["a:key"])

    assert stack_config.secret_keys() == {"a:key"}


def test_what_is_secret_is_read_as_the_engines_python_host_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"a:key": "value"}')
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", '["a:key"]')

    assert stack_config.secret_keys() == {"a:key"}


def test_nothing_is_secret_that_the_engine_does_not_tell() -> None:
    set_all_config({"antipodes:domain": "example.com"})

    assert stack_config.secret_keys() == frozenset()
