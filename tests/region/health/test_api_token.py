import pytest

from region.health.api_token import Token


class Secret:
    """The secret, and the time; an `error` in place of its value is raised."""

    def __init__(self) -> None:
        self.value: str | Exception = "first"
        self.now = 1000.0
        self.readings = 0
        self.token = Token(self._read, lambda: self.now)

    def _read(self) -> str:
        self.readings += 1
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


@pytest.fixture
def secret() -> Secret:
    return Secret()


def test_the_secret_is_read_once_a_minute(secret: Secret) -> None:
    for _ in range(59):
        assert secret.token.value() == "first"
        secret.now += 1
    assert secret.readings == 1
    secret.now += 1
    secret.token.value()
    assert secret.readings == 2


def test_a_token_that_cannot_be_read_any_more_is_better_than_none(secret: Secret) -> None:
    secret.token.value()
    secret.value = OSError()
    secret.now += 61

    assert secret.token.value() == "first"


def test_without_a_token_there_is_nothing_to_ask_with(secret: Secret) -> None:
    secret.value = LookupError("no such secret")

    with pytest.raises(LookupError, match="no such secret"):
        secret.token.value()


def test_a_refused_token_is_read_again_and_seldom(secret: Secret) -> None:
    secret.token.value()
    secret.value = "second"
    assert secret.token.renewed("first") is None  # it was read this moment
    secret.now += 5
    assert secret.token.renewed("first") == "second"
    assert secret.token.value() == "second"


def test_a_token_that_is_still_the_same_is_no_other(secret: Secret) -> None:
    secret.token.value()
    secret.now += 5

    assert secret.token.renewed("first") is None


def test_a_clock_that_was_set_back_keeps_no_token_for_longer(secret: Secret) -> None:
    secret.token.value()
    secret.value = "second"
    secret.now -= 3600

    assert secret.token.value() == "second"
