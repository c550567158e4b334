import pytest

from sandbox.appsync.documents import Documents
from sandbox.appsync.errors import MalformedRequestError
from sandbox.appsync.schema import build

SCHEMA = build("type Query { a: Query, b: ID } type Subscription { c: ID, d: ID }")


def test_a_document_is_read_once() -> None:
    documents = Documents(SCHEMA, {})
    assert documents.read("{ b }", None) is documents.read("{ b }", None)
    two = "query One { b } query Two { a { b } }"
    assert documents.read(two, "One").operation is not documents.read(two, "Two").operation


def test_what_speaks_against_a_document_is_said_in_appsyncs_form() -> None:
    documents = Documents(SCHEMA, {"queryDepthLimit": 2, "introspectionConfig": "DISABLED"})
    assert documents.read("{ a { b } }", None).errors == ()
    assert documents.read("{ nothing }", None).errors == (
        {
            "path": None,
            "locations": [{"line": 1, "column": 3, "sourceName": None}],
            "message": "Validation error: Cannot query field 'nothing' on type 'Query'.",
        },
    )
    (deep,) = documents.read("{ a { a { b } } }", None).errors
    assert deep["message"] == "Query depth exceeded: the query is 3 levels deep, the API allows 2."
    assert documents.read("{ __schema { types { name } } }", None).errors
    conditional = "subscription S($no: Boolean!) { c @include(if: $no) }"
    assert documents.read(conditional, None).errors, "which field it selects must not depend on a variable"


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("{", None, "Unable to parse GraphQL query."),
        ("query A { b }", "B", "Unknown operation named 'B'."),
        ("query A { b } query B { b }", None, "Must provide operation name"),
    ],
)
def test_a_document_without_the_operation_is_malformed(text: str, name: str | None, says: str) -> None:
    with pytest.raises(MalformedRequestError, match=says):
        Documents(SCHEMA, {}).read(text, name)
