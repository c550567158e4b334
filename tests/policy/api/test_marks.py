from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policy.rules.serving import reading
from policy.rules.shared.known import UNKNOWN, Properties
from policy.rules.shared.marks import is_marked

SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def shown(**properties: Any) -> Properties:
    return Properties(reading.shown(properties), "kind")


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


def test_a_secret_is_marked_and_its_value_stays_what_it_is() -> None:
    found = shown(plain="a", hidden=secret("b"))

    assert (found.read("plain"), found.read("hidden")) == ("a", "b")
    assert (found.is_secret("plain"), found.is_secret("hidden")) == (False, True)


def test_a_secret_that_is_not_known_yet_is_unknown_and_marked() -> None:
    found = shown(plain=UNKNOWN_STRING_VALUE, hidden=secret(UNKNOWN_STRING_VALUE))

    assert (found.peek("plain"), found.peek("hidden")) == (UNKNOWN, UNKNOWN)
    assert (found.is_secret("plain"), found.is_secret("hidden")) == (False, True)


def test_every_text_in_a_secret_is_marked() -> None:
    inner = shown(hidden=secret({"a": ["b"], "count": 1})).read("hidden")

    assert is_marked(inner["a"][0])
    assert inner["count"] == 1


def test_a_secret_of_an_exported_state_is_unknown_and_marked() -> None:
    found = shown(hidden="[secret]")

    assert found.peek("hidden") is UNKNOWN
    assert found.is_secret("hidden")
