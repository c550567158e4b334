import ipaddress
from typing import Any

import pytest
import viewer
from hypothesis import given
from hypothesis import strategies as st
from subnet import encode_subnet

from tests.edge.events import request


def with_headers(*headers: tuple[str, str], method: str = "POST") -> dict[str, Any]:
    named: dict[str, list[dict[str, str]]] = {}
    for name, value in headers:
        named.setdefault(name, []).append({"key": name.title(), "value": value})
    return {**request(method), "headers": named}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_method_that_reads_is_no_write(method: str):
    assert not viewer.is_write(request(method))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_any_other_method_is_a_write(method: str):
    assert viewer.is_write(request(method))


def test_a_websocket_handshake_is_a_read():
    assert not viewer.is_write(request("GET", "/graphql/realtime", sec_websocket_key="k"))


def test_a_client_may_say_that_its_post_reads():
    assert not viewer.is_write(with_headers(("x-antipodes-operation", "read")))


@pytest.mark.parametrize("values", [["write"], [""], ["READ"], ["read", "write"], ["write", "read"], ["reads"]])
def test_whatever_else_it_says_is_a_write(values: list[str]):
    assert viewer.is_write(with_headers(*(("x-antipodes-operation", value) for value in values)))


@pytest.mark.parametrize(
    ("cookies", "homes"),
    [
        ([], []),
        (["antipodes-region=ireland"], ["ireland"]),
        (["a=b; antipodes-region=ireland; c=d"], ["ireland"]),
        (["a=b;antipodes-region=ireland;c"], ["ireland"]),
        (["  antipodes-region = ireland  "], ["ireland"]),
        (["a=b", "antipodes-region=ireland"], ["ireland"]),
        (["antipodes-region=atlantis; antipodes-region=ireland", "antipodes-region=x"], ["atlantis", "ireland", "x"]),
        (["antipodes-region="], [""]),
        (["antipodes-region"], [""]),
        (["antipodes-region=a=b"], ["a=b"]),
        (['antipodes-region="ireland"'], ['"ireland"']),
        (["Antipodes-Region=ireland"], []),
        (["xantipodes-region=ireland"], []),
        (["antipodes-regions=ireland"], []),
        (["x=antipodes-region=ireland"], []),
        (["x=antipodes-region; y=ireland"], []),
        (["antipodes-region=ireland, sydney"], ["ireland, sydney"]),
    ],
)
def test_a_cookie_names_a_home(cookies: list[str], homes: list[str]):
    assert viewer.homes(with_headers(*(("cookie", cookie) for cookie in cookies)), "cookie") == homes


def test_a_header_names_a_home():
    named = with_headers(("x-antipodes-region", "atlantis"), ("x-antipodes-region", "sydney"))

    assert viewer.homes(named, "header") == ["atlantis", "sydney"]


def test_a_cookie_is_no_header_and_a_header_no_cookie():
    assert viewer.homes(with_headers(("cookie", "antipodes-region=ireland")), "header") == []
    assert viewer.homes(with_headers(("x-antipodes-region", "ireland")), "cookie") == []


@pytest.mark.parametrize(
    ("address", "identity"),
    [
        ("203.0.113.178", "203.0.113.178"),
        ("2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3:8d3"),
        ("2001:0DB8:85A3:0000:0000:8A2E:0370:7334", "2001:db8:85a3:0"),
        ("2001:db8::1", "2001:db8:0:0"),
        ("2001:db8:1::", "2001:db8:1:0"),
        ("2001:db8:1:2:3::", "2001:db8:1:2"),
        ("2001:db8::3:4:5:6:7", "2001:db8:0:3"),
        ("::1", "0:0:0:0"),
        ("::", "0:0:0:0"),
        ("1::2:3:4:5:6:7", "1:0:2:3"),
    ],
)
def test_a_viewer_is_an_address_or_its_64(address: str, identity: str):
    assert viewer.identity({"clientIp": address}) == identity


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_64_are_one_viewer_however_they_are_written(address: ipaddress.IPv6Address, host: int):
    network = int(address) >> 64 << 64
    neighbour = ipaddress.IPv6Address(network | host)

    identities = {
        viewer.identity({"clientIp": text})
        for each in (address, neighbour)
        for text in (each.compressed, each.exploded, each.exploded.upper())
    }

    assert identities == {":".join(f"{network >> shift & 0xFFFF:x}" for shift in (112, 96, 80, 64))}


def test_a_place_is_a_code_and_an_address():
    told = with_headers(("x-antipodes-edge-location", "LHR"), ("x-antipodes-edge-address", "198.18.3.1"))

    assert viewer.place(told) == ("LHR", encode_subnet("198.18.3.1"))
    assert viewer.place(told) is viewer.place(told), "made once"


def place(location: str, address: str) -> tuple[str, bytes] | None:
    return viewer.place(with_headers(("x-antipodes-edge-location", location), ("x-antipodes-edge-address", address)))


@pytest.mark.parametrize("location", ["", "LH", "lhr", "LHr", "LHR-C1", "LHR٣", "ÄÖÜ", "LHR5000", "123", "L R", "LHRX"])
def test_what_is_no_code_of_an_edge_location_is_no_place(location: str):
    assert place(location, "198.18.3.1") is None


@pytest.mark.parametrize("location", ["LHR", "LHR3", "LHR50", "LHR500"])
def test_a_code_may_have_digits(location: str):
    assert place(location, "198.18.3.1") == (location, encode_subnet("198.18.3.1"))


@pytest.mark.parametrize("address", ["", "198.18.3", "198.18.3.1, 198.18.17.1", "ns.example.com", "1\0.2.3.4"])
def test_what_is_no_address_is_no_place(address: str):
    assert place("LHR", address) is None


def test_an_edge_location_may_have_an_ipv6_address():
    assert place("LHR", "2001:db8:1::53") == ("LHR", encode_subnet("2001:db8:1::"))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("x-antipodes-edge-location", "LHR")],
        [("x-antipodes-edge-address", "198.18.3.1")],
        [("x-antipodes-edge-location", "LHR")] * 2 + [("x-antipodes-edge-address", "198.18.3.1")],
        [("x-antipodes-edge-location", "LHR")] + [("x-antipodes-edge-address", "198.18.3.1")] * 2,
    ],
    ids=["nothing", "no address", "no code", "two codes", "two addresses"],
)
def test_half_a_place_or_more_than_one_is_unknown(headers: list[tuple[str, str]]):
    assert viewer.place(with_headers(*headers)) is None
