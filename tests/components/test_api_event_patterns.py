import json
from typing import Any

import pytest
import yaml
from hypothesis import given

from components import api_event_patterns
from tests.components.configs import ANYTHING


def problems(text: str) -> list[str]:
    """What is wrong with a pattern, as bus.yaml would have it."""
    return list(api_event_patterns.problems(yaml.safe_load(text)))


@pytest.mark.parametrize(
    "text",
    [
        "{source: [com.example, {prefix: aws.}], account: ['123456789012'], resources: [{suffix: /x}]}",
        "{detail: {state: [a, 5, -1.5, true, null, '']}}",
        "{detail: {deep: {deeper: {deepest: [x]}}}}",
        "{detail: {prefix: [x], numeric: {exists: [true]}}}",
        "{detail: {a: [{prefix: ''}, {prefix: {equals-ignore-case: x}}, {suffix: {equals-ignore-case: x}}]}}",
        "{detail: {a: [{equals-ignore-case: x}, {exists: true}, {exists: false}]}}",
        r"{detail: {a: [{wildcard: '*/a*/\**\\'}, {wildcard: ''}]}}",
        "{detail: {a: [{cidr: 10.0.0.0/24}, {cidr: 10.0.0.7/31}, {cidr: '2001:db8::/32'}]}}",
        "{detail: {a: [{numeric: ['=', 5]}, {numeric: ['<', -5.0e+9]}, {numeric: ['>=', 0, '<', 0.5]}]}}",
        "{detail: {a: [{anything-but: x}, {anything-but: [x, y]}, {anything-but: 5}, {anything-but: [5, 6.5]}]}}",
        "{detail: {a: [{anything-but: {prefix: x}}, {anything-but: {suffix: [x, y]}}]}}",
        "{detail: {a: [{anything-but: {equals-ignore-case: [x]}}, {anything-but: {wildcard: '*x*'}}]}}",
        "{$or: [{source: [a]}, {detail: {n: [1]}}, {$or: [{time: [a]}, {region: [b]}]}]}",
        "{detail: {$or: [{a: [1]}, {b: {$or: [{c: [1]}, {d: [2]}]}}]}}",
    ],
)
def test_a_pattern_that_eventbridge_takes_is_accepted(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", "the pattern is 5; it maps fields of the event"),
        ("{}", "the pattern is {}; it maps fields of the event"),
        ("{sauce: [a]}", "no event has a field 'sauce', so none would fit pattern. Fields: $or, account, detail,"),
        ("{source: a}", "pattern.source is 'a'; EventBridge takes a list of the values that fit: [a]."),
        ("{source: []}", "pattern.source is []; EventBridge takes a list of the values that fit: [value]."),
        ("{source: {a: [b]}}", "pattern.source is {'a': ['b']}; EventBridge takes a list"),
        ("{account: [123]}", "pattern.account has 123: every event has a text there, so none would fit. Put it in quo"),
        ("{time: [null]}", "pattern.time has None: every event has a text there"),
        ("{version: [{numeric: ['=', 0]}]}", "every event has a text there"),
        ("{source: [{exists: maybe}]}", "pattern.source has {'exists': 'maybe'}: it is true or false."),
        ("{detail: {}}", "pattern.detail is empty, which EventBridge refuses"),
        ("{detail: {a: {}}}", "pattern.detail.a is empty, which EventBridge refuses"),
        ("{detail: [a]}", "pattern.detail is ['a']; it maps fields of the event's detail"),
        ("{detail: {on: [a]}}", "pattern.detail has the field True, as YAML reads it"),
        ("{detail: {a: 5}}", "pattern.detail.a is 5; EventBridge takes a list of the values that fit: [5]."),
        ("{detail: {a: {prefix: x}}}", "pattern.detail.a is {prefix: 'x'} by itself; a comparison stands in a list"),
        ("{detail: {a: [[b]]}}", "pattern.detail.a has ['b']: a list in a list."),
        ("{detail: {a: [.nan]}}", "pattern.detail.a has nan: JSON has no such value."),
        ("{detail: {a: [-.inf]}}", "JSON has no such value."),
        ("{detail: {a: [2026-01-01]}}", "JSON has no such value."),
        (
            "{detail: {a: [{prefx: x}]}}",
            "pattern.detail.a has {'prefx': 'x'}: a comparison is one of anything-but, cidr",
        ),
        ("{detail: {a: [{}]}}", "a comparison is one of"),
        ("{detail: {a: [{prefix: x, suffix: y}]}}", "a comparison is one of"),
        ("{detail: {a: [{prefix: 5}]}}", "it compares to a text. Put one there, in quotes."),
        ("{detail: {a: [{prefix: [x]}]}}", "it compares to a text."),
        ("{detail: {a: [{suffix: {prefix: x}}]}}", "a comparison is one of equals-ignore-case"),
        ("{detail: {a: [{suffix: {equals-ignore-case: 5}}]}}", "it compares to a text."),
        ("{detail: {a: [{equals-ignore-case: [x]}]}}", "it compares to a text."),
        ("{detail: {a: [{wildcard: 5}]}}", "it compares to a text."),
        ("{detail: {a: [{wildcard: 'a**b'}]}}", "EventBridge takes no two * in a row. Write one."),
        (r"{detail: {a: [{wildcard: 'a\b'}]}}", "a backslash stands before * or another backslash alone."),
        (r"{detail: {a: [{wildcard: 'a\'}]}}", "a backslash stands before * or another backslash alone."),
        ("{detail: {a: [{cidr: 10.0.0.1}]}}", "it compares to a range of IP addresses."),
        ("{detail: {a: [{cidr: 10.0.0.1/32}]}}", "one address is a plain value."),
        ("{detail: {a: [{cidr: 10.0.0.256/24}]}}", "it compares to a range of IP addresses."),
        ("{detail: {a: [{cidr: 24}]}}", "it compares to a range of IP addresses."),
        ("{detail: {a: [{numeric: ['>', abc]}]}}", "it is a comparison with a number from -5e9 to 5e9"),
        ("{detail: {a: [{numeric: 5}]}}", 'Write such as ["=", 5] or [">", 0, "<=", 5].'),
        ("{detail: {a: [{numeric: ['=', true]}]}}", "it is a comparison with a number"),
        ("{detail: {a: [{numeric: ['=', 5000000001]}]}}", "it is a comparison with a number"),
        ("{detail: {a: [{numeric: ['!=', 5]}]}}", "it is a comparison with a number"),
        ("{detail: {a: [{numeric: ['<', 5, '>', 0]}]}}", "the lower limit of a range and its upper one"),
        ("{detail: {a: [{numeric: ['>', 5, '<', 5]}]}}", "the lower limit of a range and its upper one"),
        ("{detail: {a: [{exists: 'true'}]}}", "it is true or false. Write one of them, without quotes."),
        ("{detail: {a: [{anything-but: []}]}}", "it excludes texts or numbers, and not both at once."),
        ("{detail: {a: [{anything-but: [a, 5]}]}}", "it excludes texts or numbers"),
        ("{detail: {a: [{anything-but: null}]}}", "it excludes texts or numbers"),
        (
            "{detail: {a: [{anything-but: {exists: true}}]}}",
            "a comparison is one of equals-ignore-case, prefix, suffix",
        ),
        ("{detail: {a: [{anything-but: {prefix: ''}}]}}", "every text begins and ends with an empty one."),
        ("{detail: {a: [{anything-but: {wildcard: ['**']}}]}}", "no two * in a row"),
        ("{detail: {a: [{anything-but: {suffix: []}}]}}", "the list is empty."),
        ("{$or: {source: [a]}}", "pattern.$or is {'source': ['a']}; it lists two patterns or more"),
        ("{$or: [{source: [a]}]}", "pattern.$or is [{'source': ['a']}]; it lists two patterns or more"),
        ("{$or: [{source: [a]}, b]}", "pattern.$or[1] is 'b'; it maps fields to lists"),
        ("{$or: [{source: [a]}, {}]}", "pattern.$or[1] is {}; it maps fields to lists"),
        ("{$or: [{source: [a]}, {sauce: [b]}]}", "no event has a field 'sauce', so none would fit pattern.$or[1]"),
        ("{detail: {$or: [{a: [1]}, {b: 2}]}}", "pattern.detail.$or[1].b is 2; EventBridge takes a list"),
    ],
)
def test_a_pattern_that_eventbridge_refuses_or_no_event_fits_is_refused_with_place_value_and_remedy(
    text: str, said: str
) -> None:
    (found,) = problems(text)

    assert said in found


def test_every_problem_is_told() -> None:
    assert len(problems("{sauce: [a], account: [1], detail: {a: [{prefx: x}, .nan], b: {}}}")) == 5


@given(ANYTHING)
def test_whatever_the_detail_it_is_explained_or_it_is_json(detail: Any) -> None:
    pattern = {"detail": {"a": detail}}

    if not list(api_event_patterns.problems(pattern)):
        assert json.loads(api_event_patterns.as_json(pattern)) == pattern
