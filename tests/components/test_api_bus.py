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
        (broken("[Made]", "[Made], time: [2026-01-01]"), "pattern.time has datetime.date(2026, 1, 1): JSON"),
        (
            broken("[com.example]", "[{prefx: x}]"),
            "rule made: pattern.source has {'prefx': 'x'}: a comparison is one of",
        ),
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
        (broken("$.detail.some-n", "$.some-n"), "the argument n is '$.some-n'; it is a place in the event: $.detail.n"),
        (broken("$.detail.some-n", "$.source.n"), "the argument n is '$.source.n'; it is a place in the event"),
        (broken("$.detail.some-n", "$.detail"), "the argument n is $.detail, an object, and record takes Int"),
        (
            broken("[Made]", "[Made], detail: {key: [{exists: false}]}").replace("$.id", "$.detail.key"),
            "the pattern has {exists: false} at $.detail.key, and record needs the argument id from there",
        ),
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


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ("id: $.id, n: $.detail.n", None),
        ("id: $.detail.thing.id, n: $.detail.n", {"thing": {"id": [{"exists": True}]}}),
        ("id: $.time, unit: $.detail.unit", {"unit": [{"exists": True}]}),
    ],
)
def test_a_rule_lets_only_events_through_that_have_what_the_mutation_needs(
    tmp_path: Path, arguments: str, detail: object
) -> None:
    (rule,) = read(tmp_path, broken("id: $.id, n: $.detail.some-n", arguments)).rules

    expected = {"source": ["com.example"], "detail-type": ["Made"]} | ({"detail": detail} if detail else {})
    assert json.loads(rule.pattern) == expected


def test_an_event_that_is_no_replay_lacks_the_replays_name(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, broken("$.id", "$.replay-name")).rules

    assert json.loads(rule.pattern)["replay-name"] == [{"exists": True}]


def test_a_list_may_be_empty_and_an_object_is_no_single_value_so_neither_is_a_condition(tmp_path: Path) -> None:
    path = tmp_path / "bus.yaml"
    path.write_text(f"made:\n  {PATTERN}\n  mutation: many\n  arguments: {{ids: $.detail.ids, it: $.detail}}\n")
    schema = parse(
        "type Query { a: Int } input It { a: Int } type Mutation { many(ids: [ID!]!, it: It!): Int @aws_iam }", "schema"
    )

    (rule,) = api_bus.read(path, schema, ()).rules
    assert "detail" not in json.loads(rule.pattern)


def test_a_pattern_is_no_longer_than_eventbridge_takes_conditions_for_arguments_included(tmp_path: Path) -> None:
    def made(length: int) -> api_bus.Rules:
        text = broken("[com.example]", f"[{'é' * length}]").replace("$.id", "$.detail.id")
        return read(tmp_path, text)

    (shortest,) = made(1).rules
    room = 2048 - len(shortest.pattern)

    assert len(made(room + 1).rules[0].pattern) == 2048
    (problem,) = made(room + 2).problems
    assert "rule made: the pattern has 2049 characters as JSON, with what the mutation's arguments add" in problem
