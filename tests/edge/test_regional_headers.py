from base64 import b64encode
from typing import Any

import pytest
import regional_headers
from hypothesis import given
from hypothesis import strategies as st
from regional_headers import RegionalHeaders, unpack

from components import config_rules
from sandbox.cloudfront import rules
from tests.edge.events import custom_headers, packed, request

HEADERS = {
    "ireland": {"x-api-key": "da2-ireland", "X-Origin-Verify": 's e;c=r,e"t'},
    "sydney": {"x-api-key": "da2-sydney"},
    "tokyo": {},
}


def of(regional: RegionalHeaders, key: str, custom: dict[str, Any]) -> dict[str, Any]:
    return regional.split(key, custom)[0]


@pytest.fixture
def reported() -> list[str]:
    return []


@pytest.fixture
def regional(reported: list[str]) -> RegionalHeaders:
    return RegionalHeaders(reported.append)


def test_each_region_has_the_headers_that_it_was_deployed_with(regional: RegionalHeaders, reported: list[str]):
    custom = custom_headers(packed(HEADERS))

    assert of(regional, "ireland", custom) == {
        "x-api-key": [{"key": "x-api-key", "value": "da2-ireland"}],
        "x-origin-verify": [{"key": "X-Origin-Verify", "value": 's e;c=r,e"t'}],
    }
    assert of(regional, "sydney", custom) == {"x-api-key": [{"key": "x-api-key", "value": "da2-sydney"}]}
    assert of(regional, "tokyo", custom) == of(regional, "atlantis", custom) == {}
    assert reported == []


@pytest.mark.parametrize("chunks", [1, 2, 10])
def test_they_may_be_spread_over_ten_headers_which_come_in_any_order(regional: RegionalHeaders, chunks: int):
    text = packed({"ireland": {"x-api-key": "k" * 600}})
    custom = custom_headers(text, -(-len(text) // chunks))
    assert len(custom) == chunks

    backwards = dict(sorted(custom.items(), reverse=True))

    assert of(regional, "ireland", backwards)["x-api-key"][0]["value"] == "k" * 600


def test_an_eleventh_header_does_not_count(regional: RegionalHeaders, reported: list[str]):
    text = packed({"ireland": {"x-api-key": "k"}})
    custom = custom_headers(text, 3)
    assert len(custom) > 10
    late = {"x-antipodes-secret-10": [{"key": "x-antipodes-secret-10", "value": text}]}

    assert regional.split("ireland", custom) == ({}, {})
    assert reported == ["malformed-regional-headers"]
    assert regional.split("ireland", late) == ({}, {})


def test_an_origin_without_them_has_none(regional: RegionalHeaders, reported: list[str]):
    assert regional.split("ireland", {}) == ({}, {})
    assert of(regional, "ireland", {"x-note": [{"key": "X-Note", "value": "kept"}]}) == {}
    assert reported == []


def test_what_is_no_secret_stays_with_the_origin(regional: RegionalHeaders):
    note = {"x-note": [{"key": "X-Note", "value": "kept"}]}
    unknown = {"x-antipodes-secret-x": [{"key": "x-antipodes-secret-x", "value": "!"}]}

    assert regional.split("ireland", note) == ({}, note)
    assert regional.split("ireland", note | custom_headers(packed(HEADERS)) | unknown)[1] == note
    assert regional.split("ireland", note | custom_headers("!"))[1] == note


def test_they_are_unpacked_once(regional: RegionalHeaders, monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []

    def counted(text: str) -> dict[str, Any]:
        calls.append(text)
        return unpack(text)

    monkeypatch.setattr(regional_headers, "unpack", counted)
    for _ in range(3):
        of(regional, "ireland", custom_headers(packed(HEADERS)))
        of(regional, "sydney", custom_headers(packed(HEADERS)))

    assert len(calls) == 1


def test_a_changed_one_counts_from_then_on(regional: RegionalHeaders):
    of(regional, "ireland", custom_headers(packed(HEADERS)))

    changed = custom_headers(packed({"ireland": {"x-api-key": "new"}}))

    assert of(regional, "ireland", changed) == {"x-api-key": [{"key": "x-api-key", "value": "new"}]}
    assert of(regional, "sydney", changed) == {}
    assert of(regional, "sydney", {}) == {}


MALFORMED = {
    "not base64": "{}",
    "cut short": packed(HEADERS)[:-5],
    "a character too many": packed(HEADERS) + "!",
    "not ASCII": "ä",
    "not UTF-8": b64encode(b"\xff{}").decode(),
    "not JSON": b64encode(b"ireland").decode(),
    "nested without end": b64encode(b"[" * 100_000).decode(),
    "no object": packed(["ireland"]),
    "null": packed(None),
    "a region without an object": packed({"ireland": "x-api-key"}),
    "a value that is no text": packed({"ireland": {"x-api-key": 7}}),
    "a value over two lines": packed({"ireland": {"x-api-key": "a\r\nx-more: b"}}),
    "a value that is not ASCII": packed({"ireland": {"x-api-key": "schlüssel"}}),
    "no name": packed({"ireland": {"": "a"}}),
    "a name with a colon": packed({"ireland": {"x:y": "a"}}),
    "a name over two lines": packed({"ireland": {"x\n": "a"}}),
    "a name that is not ASCII": packed({"ireland": {"schlüssel": "a"}}),
    "one region of two": packed({"ireland": {"x-api-key": "a"}, "sydney": {"x y": "a"}}),
    "host": packed({"ireland": {"Host": "evil.example.org"}}),
    "read-only": packed({"ireland": {"Via": "a"}}),
    "of the connection": packed({"ireland": {"upgrade": "a"}}),
    "of a proxy": packed({"ireland": {"Proxy-Authorization": "a"}}),
    "of CloudFront": packed({"ireland": {"X-Amz-Cf-Id": "a"}}),
    "of an edge": packed({"ireland": {"x-edge-location": "a"}}),
    "of the router": packed({"ireland": {"x-antipodes-route": "a"}}),
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_cannot_be_read_is_told_once_and_requests_go_without(
    regional: RegionalHeaders, reported: list[str], text: str
):
    of(regional, "ireland", custom_headers(packed(HEADERS)))

    for _ in range(3):
        assert of(regional, "ireland", custom_headers(text, 10**6)) == {}

    assert reported == ["malformed-regional-headers"]


def test_what_was_mended_counts_again(regional: RegionalHeaders):
    of(regional, "ireland", custom_headers("!"))

    assert of(regional, "sydney", custom_headers(packed(HEADERS)))


tokens = st.from_regex(r"[!#$%&'*+.^_`|~0-9a-z-]{1,20}", fullmatch=True)
values = st.text(st.characters(min_codepoint=32, max_codepoint=126))


contents = st.dictionaries(st.sampled_from(["ireland", "sydney"]), st.dictionaries(tokens, values, max_size=3))


@given(contents, st.integers(1, 1700))
def test_what_was_packed_is_unpacked(content: dict[str, dict[str, str]], size: int):
    text = packed(content)
    spread = custom_headers(text, max(size, -(-len(text) // 10)))
    regional = RegionalHeaders(lambda _: pytest.fail("it is well-formed"))

    got: dict[str, dict[str, Any]] = {
        key: {name: item["value"] for name, [item] in of(regional, key, spread).items()} for key in content
    }

    assert got == content


NAMES = [
    *sorted(rules._DISALLOWED | rules._READ_ONLY | set(regional_headers._REFUSED)),
    *("x-amz-cf-id", "x-edge-location", "x-antipodes-route", "x-antipodes-secret-0", "", "x y", "x:y", "x-\u212aey"),
    *("x-api-key", "X-Amzn-Trace-Id", "authorization", "cookie", "x.y", "Proxy-Agent", "x-amz-date", "x-accel"),
]


def refused(name: str) -> bool:
    try:
        unpack(packed({"ireland": {name: "value"}}))
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_a_header_that_is_refused_here_never_comes_for_the_config_refuses_it(name: str):
    config = {
        "aws:region": "us-east-1",
        "antipodes:domain": "example.com",
        "antipodes:data": "regional",
        "antipodes:regions": {"ireland": "eu-west-1"},
        "antipodes:originHeaders": {"ireland": {name: "value"}},
    }

    assert config_rules.problems(config) or not refused(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name.isascii()])
def test_but_for_the_router_s_own_a_header_is_refused_where_the_edge_would_refuse_each_request_with_it(name: str):
    before = request()
    after = {**before, "headers": {**before["headers"], name.lower(): [{"key": name, "value": "value"}]}}

    own = name == "host" or name.startswith("x-antipodes-")
    assert refused(name) == (own or bool(rules.violations(after, before)))
