import pytest

from ops.verify.schema import published, subscription

SCHEMA = """
type Event @aws_lambda @aws_iam { id: ID! }
enum Kind { OPENING CLOSING }
input Filter { id: ID }
type Query { region: String! }
type Mutation {
  createEvent(name: String!): Event
  publishEvent(item: AWSJSON!): Event @aws_iam
  record(id: ID!): Event @aws_iam
}
type Subscription {
%s
}
"""
ON = '@aws_subscribe(mutations: ["publishEvent", "createEvent"])'


def test_of_the_mutations_that_subscribers_hear_of_those_of_iam_are_published():
    assert published(SCHEMA % f"  event: Event {ON}") == {"publishEvent"}


@pytest.mark.parametrize(
    ("fields", "document"),
    [
        (f"event: Event {ON}", "subscription { event { __typename } }"),
        (f"event(id: ID): Event {ON}", "subscription { event { __typename } }"),
        (f"event(id: ID!): Event {ON}", 'subscription { event(id: "antipodes-verify") { __typename } }'),
        (f"event(kind: Kind!, n: Int!): Event {ON}", "subscription { event(kind: OPENING, n: 0) { __typename } }"),
        (f"event(ids: [ID!]!): Event {ON}", "subscription { event(ids: []) { __typename } }"),
        (f"count: Int {ON}", "subscription { count }"),
        (f"kind: Kind {ON}", "subscription { kind }"),
        (f"event: Event {ON} @aws_iam", None),
        (f"event(filter: Filter!): Event {ON}", None),
        (f"first(filter: Filter!): Event {ON}\n second: Event {ON}", "subscription { second { __typename } }"),
    ],
)
def test_the_first_that_a_client_may_start_is_started_with_arguments_that_are_nobody_s(
    fields: str, document: str | None
):
    assert subscription(SCHEMA % fields) == document


def test_the_schema_may_call_its_types_as_it_likes():
    schema = "schema { query: Q subscription: S } type Q { a: Int } type S { changed: Int }"

    assert subscription(schema) == "subscription { changed }"


def test_an_api_without_subscriptions_has_none_to_start():
    assert subscription("type Query { a: Int }") is None
