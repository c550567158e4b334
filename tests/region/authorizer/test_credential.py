import pytest
from hypothesis import given
from hypothesis import strategies as st

from region.authorizer.credential import Credential


class Secret:
    """A secret that can be renewed or be out of reach, and a clock that stands still until it is moved."""

    def __init__(self, value: str = "right") -> None:
        self.value = value
        self.reachable = True
        self.readings = 0
        self.now = 0.0
        self.credential = Credential(self.read, lambda: self.now)

    def read(self) -> str:
        self.readings += 1
        if not self.reachable:
            raise ConnectionError
        return self.value


def test_the_right_token_is_accepted_and_the_secret_read_once() -> None:
    secret = Secret()

    assert all(secret.credential.accepts("right") for _ in range(100))
    assert secret.readings == 1


@given(st.text())
def test_nothing_but_the_right_token_is_accepted(presented: str) -> None:
    assert Secret().credential.accepts(presented) is (presented == "right")


def test_no_token_is_refused_without_a_reading_of_its_own() -> None:
    secret = Secret()
    secret.credential.accepts("right")
    secret.now = 30

    assert not secret.credential.accepts("")
    assert secret.readings == 1


def test_a_renewed_token_is_accepted_at_once() -> None:
    secret = Secret("old")
    secret.credential.accepts("old")
    secret.now, secret.value = 10, "new"

    assert secret.credential.accepts("new")


def test_a_revoked_token_is_refused_a_minute_later_at_the_latest() -> None:
    secret = Secret("old")
    secret.credential.accepts("old")
    secret.value = "new"
    secret.now = 59.9
    assert secret.credential.accepts("old")
    secret.now = 60

    assert not secret.credential.accepts("old")


def test_wrong_tokens_cause_few_readings() -> None:
    secret = Secret()
    for _ in range(1000):
        secret.now += 0.01
        assert not secret.credential.accepts("wrong")

    assert secret.readings <= 3


def test_the_last_token_known_serves_while_the_secret_is_out_of_reach() -> None:
    secret = Secret()
    secret.credential.accepts("right")
    secret.now, secret.reachable = 3600, False

    assert secret.credential.accepts("right")
    assert not secret.credential.accepts("wrong")


def test_a_secret_that_was_never_read_is_an_error_and_not_a_refusal() -> None:
    secret = Secret()
    secret.reachable = False

    with pytest.raises(ConnectionError):
        secret.credential.accepts("right")


def test_the_token_is_not_told_by_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    secret = Secret()
    secret.credential.accepts("right")
    secret.now, secret.reachable = 3600, False
    secret.credential.accepts("presented")

    said = capsys.readouterr().out
    assert "could not be read again: ConnectionError" in said
    assert "right" not in said
    assert "presented" not in said
