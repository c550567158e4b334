import pytest
from graphql import build_schema

from components import api_schema
from components.api_subscribers import MOVE, problems, subscriptions, with_move

MUTATION = "antipodesMoveSubscribers(subscription: String!): Boolean @aws_iam"
SUBSCRIPTION = 'type Subscription { heard: String @aws_subscribe(mutations: ["say"]) }'
SPOKEN = f"type Query {{ a: ID }}\ntype Mutation {{ say: String }}\n{SUBSCRIPTION}\n"


def moved(text: str) -> str:
    """The text with the mutation, which a parser takes."""
    told = with_move(text, api_schema.parse(text, "schema.graphql"))
    deployed = api_schema.parse(told, "deployed")
    assert deployed.mutation_type is not None
    assert MOVE in deployed.mutation_type.fields
    return told


def problem(text: str, *resolved: str) -> str:
    (found,) = problems(api_schema.parse(text, "schema.graphql"), resolved)
    return found


def test_the_mutation_comes_last_in_its_type_and_what_was_written_stays() -> None:
    text = f"""# Ours.
type Query {{ a: ID }}
type Mutation {{
  # Says it.
  say: String # }} is no end
  # That is all.
}}
{SUBSCRIPTION} # The end.
"""
    assert moved(text) == text.replace("  # That is all.\n", f"  # That is all.\n  {MUTATION}\n")


def test_a_type_on_one_line_takes_it_too() -> None:
    assert moved(SPOKEN) == SPOKEN.replace("{ say: String }", f"{{ say: String \n  {MUTATION}\n}}")


def test_letters_of_any_alphabet_move_nothing() -> None:
    assert f"say: String \n  {MUTATION}\n}}" in moved(f'"""Zürich 🎭"""\n{SPOKEN}')


def test_a_type_whose_fields_are_in_an_extension_takes_it_there() -> None:
    text = SPOKEN.replace("type Mutation {", "type Mutation @aws_lambda\nextend type Mutation {")
    assert f"extend type Mutation {{ say: String \n  {MUTATION}" in moved(text)


@pytest.mark.parametrize("schema", ["", "schema { query: Query subscription: Subscription }\n"])
def test_a_schema_without_mutations_gets_their_type(schema: str) -> None:
    told = moved(f"{schema}type Query {{ a: ID }}\ntype Subscription {{ heard: String }}\n")
    assert told.endswith(f"\n\ntype Mutation {{\n  {MUTATION}\n}}\n")


def test_where_nobody_can_subscribe_nothing_is_added() -> None:
    text = "type Query { a: ID } type Mutation { antipodesMoveSubscribers: ID }"
    schema = build_schema(text)
    assert (with_move(text, schema), subscriptions(schema), list(problems(schema, ()))) == (text, (), [])


def test_every_subscription_can_be_moved_by_the_name_that_its_type_has() -> None:
    text = "schema { query: Query subscription: News } type Query { a: ID } type News { heard: ID seen: ID }"
    assert subscriptions(build_schema(text)) == ("News.heard", "News.seen")


def test_a_mutation_of_the_same_name_is_refused() -> None:
    said = problem(SPOKEN.replace("say: String", f"say: String {MOVE}: ID"))
    assert said.startswith("Mutation.antipodesMoveSubscribers has the name of the mutation that is added")
    assert said.endswith("give yours another name.")


def test_a_type_called_mutation_that_is_none_is_refused() -> None:
    text = f"schema {{ query: Query subscription: Subscription }}\n{SPOKEN}"
    assert "the type Mutation is not the schema's type of mutations" in problem(text)


def test_a_resolver_of_a_subscription_is_refused() -> None:
    assert "Subscription.heard has a resolver in api/resolvers" in problem(SPOKEN, "Subscription.heard")


def test_a_subscription_that_may_not_be_null_is_refused() -> None:
    assert "write String, which hears" in problem(SPOKEN.replace("heard: String", "heard: String!"))
