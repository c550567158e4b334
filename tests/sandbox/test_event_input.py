import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.event_input import InvalidInputError, fill, target_input, value_at

EVENT = {
    "id": "e-1",
    "source": "com.example.tickets",
    "detail": {"name": 'The "Who"', "seats": [{"row": 1}], "open": True, "of-the": {"day": None}},
}
RULE = {"Name": "announced", "Arn": "arn:aws:events:eu-west-1:000000000000:rule/bus/announced"}


def given_to(target: dict[str, Any]) -> Any:
    return target_input(target, EVENT, RULE, "2026-11-21T08:00:00Z")


def test_a_target_gets_the_whole_event_a_part_of_it_or_a_constant():
    assert given_to({}) == EVENT
    assert given_to({"InputPath": "$.detail.seats"}) == [{"row": 1}]
    assert given_to({"Input": '{"a": 1}'}) == {"a": 1}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.id", "e-1"),
        ("$.detail.seats[0].row", 1),
        ("$.detail['of-the'].day", None),
        ("$.detail.of-the", {"day": None}),
        ("$.detail.seats[7]", ""),
        ("$.nowhere.at.all", ""),
    ],
)
def test_a_path_leads_to_a_value(path: str, expected: Any):
    assert value_at(path, EVENT) == expected


def test_a_template_makes_json_of_values_and_text_inside_strings():
    paths = {"id": "$.id", "name": "$.detail.name", "open": "$.detail.open", "seats": "$.detail.seats", "no": "$.none"}
    template = '{"id": <id>, "text": "<name> (<id>)", "open": <open>, "seats": <seats>, "no": <no>}'
    found = given_to({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}})
    assert found == {
        "id": "e-1",
        "text": 'The "Who" (e-1)',
        "open": True,
        "seats": [{"row": 1}],
        "no": "",
    }


def test_a_template_may_name_what_eventbridge_predefines():
    template = (
        '{"rule": <aws.events.rule-name>, "at": <aws.events.event.ingestion-time>, "all": <aws.events.event.json>}'
    )
    found = given_to({"InputTransformer": {"InputTemplate": template}})
    assert found == {"rule": "announced", "at": "2026-11-21T08:00:00Z", "all": EVENT}


def test_a_template_that_makes_no_json_is_told():
    with pytest.raises(InvalidInputError, match="oops"):
        given_to({"InputTransformer": {"InputTemplate": "{oops <aws.events.rule-name>"}})


texts = st.text()


@given(texts, st.recursive(st.none() | st.booleans() | st.integers() | texts, st.lists, max_leaves=5))
def test_no_value_breaks_out_of_its_place(text: str, value: Any):
    found = json.loads(fill('{"value": <value>, "text": "say <text>."}', {"value": value, "text": text}))
    assert found == {"value": value, "text": f"say {text}."}
