"""The schemas that the rules read, held against those that graphql-core reads."""

from pathlib import Path

import pytest
from graphql import FieldDefinitionNode, ObjectTypeDefinitionNode, ObjectTypeExtensionNode
from graphql import parse as reference

from policy.rules.api.shared import sdl

ROOT = Path(__file__).resolve().parents[3]

TRICKY = '''
"""A description: type Hidden { a: String @aws_iam }"""
type Query implements Node & Other @aws_lambda @aws_iam {
  "one # no comment"
  a(first: Int = 3, in: [In!] = [{x: "}"}], # a comment with { and "
    last: String = ")"): [[String!]!]! @deprecated(reason: "say \\"no\\"") @aws_iam
  type: String
  input(query: String): Int
}
extend type Query @aws_api_key { later: Int @aws_auth(cognito_groups: ["A", "B"]) }
interface Node { id: ID! @aws_iam }
input In { x: String = "type Lost { b: Int }" }
enum Kind { type schema input }
union Any = Query | Changes
scalar Moment @specifiedBy(url: "https://example.com")
directive @once(type: String = "x") repeatable on OBJECT | FIELD_DEFINITION
type Empty
type Changes { write: Int @aws_iam, told: Int }
type Heard { each: Int @aws_subscribe(mutations: ["write", "told"]) }
schema @a(b: "c") { mutation: Changes subscription: Heard }
'''


def declared(text: str) -> dict[str, dict[str, list[str]]]:
    """Type -> field -> its directives; those of the type itself under "", as graphql-core reads them."""
    found: dict[str, dict[str, list[str]]] = {}
    for node in reference(text).definitions:
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            kind = found.setdefault(node.name.value, {"": []})
            kind[""] += [each.name.value for each in node.directives]
            kind |= {field.name.value: names(field) for field in node.fields}
    return found


def names(field: FieldDefinitionNode) -> list[str]:
    return [each.name.value for each in field.directives]


@pytest.mark.parametrize("text", [TRICKY, (ROOT / "api" / "schema.graphql").read_text()], ids=["tricky", "ours"])
def test_types_fields_and_directives_are_those_that_graphql_core_reads(text: str) -> None:
    assert {
        name: {
            "": [each.name for each in kind.directives],
            **{field: [each.name for each in directives] for field, directives in kind.fields.items()},
        }
        for name, kind in sdl.parse(text).types.items()
    } == declared(text)


def test_operations_have_the_types_that_the_schema_gives_them() -> None:
    schema = sdl.parse(TRICKY)

    assert schema.roots == {"query": "Query", "mutation": "Changes", "subscription": "Heard"}
    assert set(schema.fields("mutation")) == {"write", "told"}
    assert schema.subscribed_by("each") == ("write", "told")


@pytest.mark.parametrize("length", range(0, len(TRICKY), 7))
def test_what_is_cut_off_is_read_to_its_end(length: int) -> None:
    sdl.parse(TRICKY[:length])
