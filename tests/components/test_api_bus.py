import json
from pathlib import Path

import pytest
from graphql import parse as parse_document
from graphql import validate

from components import api_bus
from components.api_schema import parse

SCHEMA = parse(
    """
    type Query { thing: Thing }
    type Thing { id: ID! }
    type Mutation {
      record(id: ID!, n: Int, unit: String! = "m"): Thing @aws_iam
      count: Int! @aws_iam @aws_lambda
      make(id: ID!): Thing
      publish(item: AWSJSON!): Thing @aws_iam
    }
    """,
    "schema",
)
PATTERN = "pattern: {source: [com.example], detail-type: [Made]}"
GOOD = f"made:\n  {PATTERN}\n  mutation: record\n  arguments: {{id: $.id, n: $.detail.some-n}}\n"


def read(tmp_path: Path, text: str) -> api_bus.Rules:
    path = tmp_path / "bus.yaml"
    path.write_text(text, encoding="utf-8")
    return api_bus.read(path, SCHEMA, ["publish"])


def test_an_api_needs_no_bus(tmp_path: Path) -> None:
    assert api_bus.read(tmp_path / "bus.yaml", SCHEMA, ()) == api_bus.Rules()
    assert read(tmp_path, "") == api_bus.Rules()


def test_a_rule_calls_its_mutation_with_variables_taken_from_the_event(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, GOOD).rules

    assert (rule.name, rule.mutation) == ("made", "record")
    assert json.loads(rule.pattern) == {"source": ["com.example"], "detail-type": ["Made"]}
    assert rule.operation == "mutation ($id: ID!, $n: Int) { record(id: $id, n: $n) { __typename } }"
    assert validate(SCHEMA, parse_document(rule.operation)) == []
    assert rule.arguments == {"id": "$.id", "n": "$.detail.some-n"}
    assert json.loads(rule.template.replace("<id>", '"an id"').replace("<n>", "5")) == {"id": "an id", "n": 5}


def test_a_mutation_may_take_and_return_nothing_much(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, f"made:\n  {PATTERN}\n  mutation: count\n  arguments: {{}}\n").rules

    assert rule.operation == "mutation { count }"
    assert validate(SCHEMA, parse_document(rule.operation)) == []
    assert rule.template == "{}"


def broken(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- made\n", "the file maps rules to patterns and mutations"),
        ("made: {\n", "bus.yaml"),
        (broken("made", "Made it"), "'Made it' cannot be a rule's name"),
        ("made: record\n", "rule made has 'record'; a rule has pattern, mutation, arguments"),
        ("made: {}\n", "rule made has nothing; a rule has"),
        (GOOD + "  target: x\n", "rule made has pattern, mutation, arguments, target; a rule has"),
        (broken(PATTERN, "pattern: {}"), "the pattern is {}"),
        (broken(PATTERN, "pattern: com.example"), "the pattern is 'com.example'"),
        (broken("detail-type", "detail_type"), "no event has a field 'detail_type'"),
        (broken("[com.example]", "com.example"), "pattern.source is 'com.example'; EventBridge takes a list"),
        (broken("[Made]", "[Made], detail: {a: {b: c}}"), "pattern.detail.a.b is 'c'; EventBridge takes a list"),
        (broken("[Made]", "[Made], detail: {a: []}"), "pattern.detail.a is []; EventBridge takes a list"),
        (broken("[Made]", "[Made], time: [2026-01-01]"), "pattern.time is [datetime.date(2026, 1, 1)], which JSON"),
        (broken("mutation: record", "mutation: recrod"), "there is no mutation 'recrod'. Mutations: count, make"),
        (broken("mutation: record", "mutation: [record]"), "there is no mutation ['record']"),
        (
            broken("record\n  arguments: {id: $.id, n: $.detail.some-n}", "make\n  arguments: {id: $.id}"),
            "closed to Ev",
        ),
        (
            broken("record\n  arguments: {id: $.id, n: $.detail.some-n}", "publish\n  arguments: {item: $.detail}"),
            "publish publishes to this region's subscribers alone",
        ),
        (broken("{id: $.id, n: $.detail.some-n}", "[id]"), "arguments are ['id']"),
        (broken("n: $.detail.some-n", "m: $.m"), "record takes no argument 'm'. Arguments: id, n, unit."),
        (broken("$.detail.some-n", "5"), "the argument n is 5; it is a place in the event"),
        (broken("$.detail.some-n", '"$.detail.list[0]"'), "the argument n is '$.detail.list[0]'"),
        (broken("id: $.id, ", ""), "record needs the argument id: say where the event has it"),
    ],
)
def test_a_rule_that_could_never_work_is_refused(tmp_path: Path, text: str, said: str) -> None:
    rules = read(tmp_path, text)

    assert not rules.rules
    assert any(said in problem and "bus.yaml" in problem for problem in rules.problems), rules.problems


def test_patterns_may_match_in_eventbridges_other_ways(tmp_path: Path) -> None:
    pattern = "pattern: {$or: [{source: [a]}, {source: [{prefix: b}]}], detail: {n: [{numeric: ['>', 1]}, null]}}"
    (rule,) = read(tmp_path, broken(PATTERN, pattern)).rules

    assert json.loads(rule.pattern)["detail"] == {"n": [{"numeric": [">", 1]}, None]}
