from typing import Any

import pytest

from sandbox.appsync.errors import FieldError
from sandbox.appsync.response_headers import ResponseHeaders


def refused(name: str, value: Any = "v") -> FieldError:
    headers = ResponseHeaders()
    with pytest.raises(FieldError) as raised:
        headers.add(name, value)
    assert headers.pairs == ()
    return raised.value


def test_of_each_name_the_latest_header_is_kept() -> None:
    headers = ResponseHeaders()
    headers.add("Server-Timing", "one")
    headers.add("itemsCount", 7)
    headers.add("server-timing", "two")
    assert headers.pairs == (("server-timing", "two"), ("itemsCount", "7"))


@pytest.mark.parametrize(
    "name",
    ["", "Vary", "content-type", "Connection", "Access-Control-Expose-Headers", "X-Amzn-RequestId", "x-amz-a", "a b"],
)
def test_a_header_that_appsync_keeps_for_itself_is_refused(name: str) -> None:
    assert refused(name).type == "ResponseHeaderError"


@pytest.mark.parametrize("value", [None, "a\r\nb: c", "\0"])
def test_a_header_without_a_value_that_http_has_is_refused(value: Any) -> None:
    assert refused("a", value).type == "ResponseHeaderError"


def test_how_appsync_writes_an_object_in_a_header_is_not_emulated() -> None:
    assert refused("a", {"b": 1}).type == "NotEmulated"


def test_headers_that_were_replaced_count_towards_the_size() -> None:
    headers = ResponseHeaders()
    headers.add("a", "x" * 2047)
    headers.add("a", "y" * 2047)
    with pytest.raises(FieldError, match="4096") as raised:
        headers.add("a", "")
    assert raised.value.type == "ResponseHeaderError"
    assert headers.pairs == (("a", "y" * 2047),)
