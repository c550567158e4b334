import pytest
from graphql import GraphQLObjectType

from components.api_authorization import modes, problems
from components.api_schema import parse

SCHEMA = parse(
    """
    type Query { plain: Plain both: Both }
    type Plain { own: String @aws_iam inherited: String }
    type Both @aws_lambda @aws_iam { own: String @aws_lambda @deprecated inherited: String @deprecated }
    type Extended { a: String }
    extend type Extended @aws_iam
    """,
    "schema",
)


@pytest.mark.parametrize(
    ("kind", "field", "expected"),
    [
        ("Plain", None, {"aws_lambda"}),
        ("Plain", "inherited", {"aws_lambda"}),
        ("Plain", "own", {"aws_iam"}),
        ("Both", None, {"aws_lambda", "aws_iam"}),
        ("Both", "inherited", {"aws_lambda", "aws_iam"}),
        ("Both", "own", {"aws_lambda"}),
        ("Extended", None, {"aws_iam"}),
    ],
)
def test_a_field_is_as_open_as_it_says_or_else_as_its_type_or_else_to_the_default_mode(
    kind: str, field: str | None, expected: set[str]
) -> None:
    found = SCHEMA.type_map[kind]

    assert isinstance(found, GraphQLObjectType)
    assert modes(found, field) == expected


def test_the_mutations_type_has_the_name_by_which_policies_open_it() -> None:
    renamed = parse("schema { query: Q mutation: Writes } type Q { a: Int } type Writes { put: Int }", "schema")
    usual = parse("type Query { a: Int } type Mutation { put: Int }", "schema")

    (found,) = problems(renamed, ["put"])
    assert found.startswith("the type Writes holds the mutations: call it Mutation")
    assert list(problems(renamed, [])) == list(problems(usual, ["put"])) == []
