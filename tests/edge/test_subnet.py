from ipaddress import IPv4Address, IPv6Address

import dns.edns
import pytest
from hypothesis import given
from hypothesis import strategies as st
from subnet import answered_scope, encode_subnet


@given(st.ip_addresses())
def test_the_network_of_an_address_is_told_as_dnspython_tells_it(
    address: IPv4Address | IPv6Address,
):
    option = dns.edns.ECSOption(str(address), 24 if address.version == 4 else 56)

    assert encode_subnet(str(address)) == option.to_wire()


def test_of_an_address_no_more_is_told_than_its_network():
    assert encode_subnet("198.18.3.1") == b"\0\1\x18\0\xc6\x12\x03"
    assert encode_subnet("2001:db8:1:2345:6789::1") == b"\0\2\x38\0\x20\1\x0d\xb8\0\1\x23"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LHR",
        "198.18.3",
        "198.18.3.256",
        "198.18.3.1 ",
        "198.18.3.1/24",
        "0x7f.1",
        "fe80::1%eth0",
        "1\0.2.3.4",
        "\u0661.2.3.4",
    ],
)
def test_what_is_no_address_has_no_network(text: str):
    assert encode_subnet(text) is None


SUBNET = b"\0\1\x18\0\xc6\x12\x03"


@pytest.mark.parametrize("scope", [0, 16, 24, 32])
def test_the_scope_is_what_the_answer_says(scope: int):
    echo = dns.edns.ECSOption("198.18.3.0", 24, scope).to_wire()

    assert echo is not None
    assert answered_scope(echo, SUBNET) == scope


@pytest.mark.parametrize(
    "echo",
    [b"", SUBNET[:-1], SUBNET + b"\0", b"\0\2" + SUBNET[2:], b"\0\1\x10" + SUBNET[3:], SUBNET[:-1] + b"\4"],
    ids=["empty", "shorter", "longer", "another family", "another size", "another network"],
)
def test_an_answer_for_another_network_has_no_scope(echo: bytes):
    assert answered_scope(echo, SUBNET) is None
