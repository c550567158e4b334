import pytest

from components import api_subscriptions
from components.api_schema import parse

BASE = """
    type Query { thing: Thing }
    type Thing { id: ID! n: Int part: Part }
    type Part { x: Int }
    type Mutation { make: Thing own: Thing @aws_iam publish: Thing @aws_iam }
"""


def problems(field: str) -> list[str]:
    schema = parse(f"{BASE} type Subscription {{ {field} }}", "schema")
    return list(api_subscriptions.problems(schema, {"publish"}, {"publish": {"id", "part"}}))


@pytest.mark.parametrize(
    "field",
    [
        'made: Thing @aws_subscribe(mutations: ["make"])',
        'made: Thing @aws_subscribe(mutations: "make")',
        'made(id: ID, n: Int): Thing @aws_subscribe(mutations: ["make"])',
        'made(id: String!): Thing @aws_subscribe(mutations: ["make", "publish"])',
        'made: Thing @aws_lambda @aws_subscribe(mutations: ["publish"])',
    ],
)
def test_a_subscription_that_hears_is_accepted(field: str) -> None:
    assert problems(field) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("made: Thing", "Subscription.made names no mutation"),
        ("made: Thing @aws_subscribe(mutations: [])", "Subscription.made names no mutation"),
        (
            'made: Thing @aws_subscribe(mutations: ["mkae"])',
            "'mkae', which does not exist. Mutations: make, own, publi",
        ),
        ('made: Part @aws_subscribe(mutations: ["make"])', "is of type Part, and the mutation make"),
        ('made: Thing @aws_subscribe(mutations: ["own"])', "subscribes to the mutation own, which nothing calls"),
        ('made(m: Int): Thing @aws_subscribe(mutations: ["make"])', "has the argument m, and nothing to compare"),
        ('made(part: Int): Thing @aws_subscribe(mutations: ["make"])', "Arguments that filter: id, n."),
        ('made(n: Int): Thing @aws_subscribe(mutations: ["publish"])', "publish tells no such value of Thing"),
    ],
)
def test_a_subscription_that_would_hear_nothing_or_something_else_is_refused(field: str, said: str) -> None:
    (found,) = problems(field)

    assert said in found


def test_a_schema_without_subscriptions_is_accepted() -> None:
    assert list(api_subscriptions.problems(parse("type Query { a: Int }", "schema"), (), {})) == []
