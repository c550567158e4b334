from pathlib import Path

import nameservers
import pytest


def test_the_nameservers_of_resolv_conf_are_asked_in_its_order():
    text = """
    # made by the system
    search example.com
    nameserver 169.254.78.1
    nameserver fd00::2%eth0
    nameserver fd00::3
    options ndots:2
    """

    assert nameservers.parse(text) == [("169.254.78.1", 53), ("fd00::2%eth0", 53), ("fd00::3", 53)]


def test_no_more_nameservers_count_than_for_other_programs():
    text = "".join(f"nameserver 192.0.2.{number}\n" for number in range(1, 6))

    assert nameservers.parse(text) == [("192.0.2.1", 53), ("192.0.2.2", 53), ("192.0.2.3", 53)]


@pytest.mark.parametrize(
    "wrong", ["ns.example.com", "192.0.2", "192.0.2.1:53", "192.0.2.1%eth0", "fd00::g", "1\0.1.1.1"]
)
def test_a_nameserver_that_is_no_address_is_passed_over(wrong: str):
    """To find its address would be a lookup itself, and one without a budget."""
    assert nameservers.parse(f"nameserver {wrong}\nnameserver 192.0.2.1\n") == [("192.0.2.1", 53)]


@pytest.mark.parametrize("text", ["", "search example.com\n", "nameserver\n", "#nameserver 192.0.2.1\n"])
def test_without_any_nameserver_the_own_machine_is_asked(text: str):
    assert nameservers.parse(text) == [("127.0.0.1", 53)]


def test_a_missing_resolv_conf_is_as_good_as_an_empty_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("ANTIPODES_RESOLVER", raising=False)
    monkeypatch.setattr(nameservers, "_RESOLV_CONF", str(tmp_path / "absent"))

    assert nameservers.configured() == [("127.0.0.1", 53)]


def test_a_resolv_conf_that_is_no_text_does_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "resolv.conf").write_bytes(b"\xff\xfe\x00\nnameserver 192.0.2.53\n")
    monkeypatch.delenv("ANTIPODES_RESOLVER", raising=False)
    monkeypatch.setattr(nameservers, "_RESOLV_CONF", str(tmp_path / "resolv.conf"))

    assert nameservers.configured() == [("192.0.2.53", 53)]


def test_resolv_conf_is_read_when_nothing_overrides_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "resolv.conf").write_text("nameserver 192.0.2.53\n", encoding="ascii")
    monkeypatch.delenv("ANTIPODES_RESOLVER", raising=False)
    monkeypatch.setattr(nameservers, "_RESOLV_CONF", str(tmp_path / "resolv.conf"))

    assert nameservers.configured() == [("192.0.2.53", 53)]


@pytest.mark.parametrize(
    ("override", "server"),
    [("127.0.0.1:14510", ("127.0.0.1", 14510)), ("[::1]:5353", ("::1", 5353))],
)
def test_the_override_is_the_only_nameserver(monkeypatch: pytest.MonkeyPatch, override: str, server: tuple[str, int]):
    monkeypatch.setenv("ANTIPODES_RESOLVER", override)

    assert nameservers.configured() == [server]
