import json
from typing import Any

import pytest

from region.fan_out.outcome import Fate, judge


def fate(status: int, answer: Any) -> Fate:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return judge(status, body, "publishThing").fate


def errors(kind: str | None, message: str = "m") -> list[dict[str, Any]]:
    return [{"errorType": kind, "message": message}]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (401, {"errors": errors("UnauthorizedException")}),
        (403, {"errors": errors("AccessDeniedException")}),
        (403, b""),
        (404, {}),
        (429, {"errors": errors("TooManyRequestsException")}),
        (500, {"errors": errors("InternalFailure")}),
        (502, b"<html>"),
        (503, b""),
        (301, b""),
        (400, {"errors": errors("ThrottlingException")}),
        (200, {"data": {"publishThing": None}, "errors": errors("Unauthorized")}),
        (200, {"data": None, "errors": [{"message": "Validation error of type FieldUndefined: Field 'x' ..."}]}),
        (200, {"data": {"publishThing": None}}),
        (200, b"<html>"),
        (200, b"[]"),
    ],
)
def test_what_passes_by_itself_is_tried_again(status: int, answer: Any) -> None:
    assert fate(status, answer) is Fate.AGAIN


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, {"errors": errors("MalformedHttpRequestException")}),
        (400, b"not json"),
        (413, b""),
        (200, {"data": {"publishThing": None}, "errors": errors("MappingTemplate")}),
        (200, {"data": None, "errors": errors(None, "Variable 'item' has an invalid value.")}),
        (200, {"data": None, "errors": ["odd"]}),
    ],
)
def test_what_is_the_items_own_fault_is_never_tried_again(status: int, answer: Any) -> None:
    assert fate(status, answer) is Fate.NEVER


def test_a_value_without_errors_is_published() -> None:
    assert fate(200, {"data": {"publishThing": {"id": "a"}}}) is Fate.PUBLISHED
    assert fate(200, {"data": {"publishThing": {"id": "a"}}, "errors": None}) is Fate.PUBLISHED


def test_subscribers_who_got_a_part_are_not_told_again_even_where_the_rest_might_pass() -> None:
    answer = {"data": {"publishThing": {"id": "a", "n": None}}, "errors": errors("Unauthorized")}

    assert fate(200, answer) is Fate.NEVER


def test_what_is_too_large_for_a_subscriber_who_selects_all_of_it_is_set_aside_with_its_size() -> None:
    def answer(size: int) -> bytes:
        return (start := b'{"data":{"publishThing":{"word":"') + b"x" * (size - len(start) - 4) + b'"}}}'

    assert fate(200, answer(239 * 1024)) is Fate.PUBLISHED
    large = judge(200, answer(239 * 1024 + 1), "publishThing")
    assert large.fate is Fate.NEVER
    assert "244737 bytes" in large.reason
    assert "240 KB" in large.reason


def test_the_reason_tells_the_status_and_the_errors_and_has_an_end() -> None:
    said = judge(200, json.dumps({"data": None, "errors": errors("Odd", "x" * 9999)}).encode(), "f").reason

    assert said.startswith('HTTP 200: [{"errorType": "Odd", "message": "xxx')
    assert len(said) == 1000
    assert judge(502, b"<html>", "f").reason == "HTTP 502: <html>"
