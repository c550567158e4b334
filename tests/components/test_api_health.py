"""The health query: one that every region is asked every few seconds, by a client's rights."""

from pathlib import Path

import pytest

from components import api_health, api_schema
from components.api_source import read_api

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = api_schema.parse(
    """
    type Query {
      thing(id: ID!): Thing
      things: [Thing]
      secret: String @aws_iam
    }
    type Thing @aws_lambda @aws_iam { id: ID, hidden: String @aws_iam }
    type Mutation { make: Thing }
    type Subscription { made: Thing }
    """,
    "schema.graphql",
)


def problems(folder: Path, query: str) -> tuple[str, ...]:
    path = folder / "health.graphql"
    path.write_text(query, encoding="utf-8")
    return api_health.read(path, SCHEMA).problems


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename }",
        "{ things { id __typename } }",
        'query Health { thing(id: "one") { ...parts } } fragment parts on Thing { id }',
    ],
)
def test_a_query_that_clients_may_ask_is_taken_as_it_is(tmp_path: Path, query: str) -> None:
    assert problems(tmp_path, query) == ()
    assert api_health.read(tmp_path / "health.graphql", SCHEMA).text == query


def test_without_the_file_nothing_of_the_api_is_asked_for(tmp_path: Path) -> None:
    assert api_health.read(tmp_path / "health.graphql", SCHEMA) == api_health.HealthQuery("{ __typename }")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ things { id }", "Syntax Error"),
        ("", "Syntax Error"),
        ("{ things { name } }", "Cannot query field 'name' on type 'Thing'"),
        ("{ thing { id } }", "argument 'id' of type 'ID!' is required"),
        ("mutation { make { id } }", "it is a mutation, and a region is asked every few seconds"),
        ("subscription { made { id } }", "it is a subscription"),
        ("query One { things { id } } query Two { things { id } }", "it holds 2 operations"),
        ("query One($id: ID!) { thing(id: $id) { id } }", "it has the variables $id, for which nobody has values"),
        ("{ secret }", "Query.secret is closed to clients"),
        ("{ things { ...part } } fragment part on Thing { hidden }", "Thing.hidden is closed to clients"),
        ("{ __schema { queryType { name } } }", "it asks for __schema, which protected stacks refuse"),
    ],
)
def test_any_other_is_refused_with_what_is_wrong(tmp_path: Path, query: str, said: str) -> None:
    (problem,) = problems(tmp_path, query)

    assert problem.startswith(f"{tmp_path / 'health.graphql'}: ")
    assert said in problem


def test_the_samples_query_reaches_a_table() -> None:
    assert "listEvents" in read_api(ROOT / "api", ROOT / ".build").health_query
