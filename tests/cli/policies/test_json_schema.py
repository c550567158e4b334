from typing import Any

import pytest

from cli.policies.json_schema import described, example, fault
from cli.policies.rules import rules

WHOLE = {"type": "integer", "minimum": 1, "maximum": 33}
TEXTS = {"type": "array", "items": {"type": "string"}}
CHOICE = {"type": "string", "enum": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (WHOLE, 1),
        (WHOLE, 33),
        (TEXTS, []),
        (TEXTS, ["a"]),
        (CHOICE, "b"),
        ({"type": "boolean"}, False),
        ({"type": "number"}, 1.5),
        ({"type": "object"}, {}),
        ({}, object()),
    ],
)
def test_a_value_that_fits_is_no_fault(schema: dict[str, Any], value: object):
    assert fault(schema, value) is None


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        (WHOLE, 0, "a whole number from 1 to 33"),
        (WHOLE, 34, "a whole number from 1 to 33"),
        (WHOLE, "2", "a whole number from 1 to 33"),
        (WHOLE, True, "a whole number from 1 to 33"),
        (TEXTS, "a", "a list, each entry a text"),
        (TEXTS, ["a", 1], "a list, each entry a text"),
        (CHOICE, "d", "a, b or c"),
        ({"type": "boolean"}, "true", "true or false"),
        ({"type": "string", "enum": ["a"]}, None, "a"),
    ],
)
def test_another_one_is_answered_with_what_would_fit(schema: dict[str, Any], value: object, told: str):
    assert fault(schema, value) == told


def test_an_example_of_every_setting_fits_it():
    for rule in rules().values():
        for key, schema in rule.settings.items():
            assert fault(schema, example(schema)) is None, f"{rule.name}: {key}: {described(schema)}"
