import pytest

from components import api_subscriptions
from components.api_schema import parse

BASE = """
    type Query { thing: Thing }
    type Thing { id: ID! n: Int part: Part tags: [String] lost: Int }
    type Part { x: Int }
    type Mutation { make: Thing own: Thing @aws_iam publish: Thing publishAlways: Thing! cut: Part }
"""
CARRIED = {"publish": {"id", "n", "part", "tags"}, "publishAlways": {"id"}}


def problems(field: str, directive: str = "") -> list[str]:
    schema = parse(f"{BASE} type Subscription {directive} {{ {field} }}", "schema")
    return list(api_subscriptions.problems(schema, CARRIED))


@pytest.mark.parametrize(
    "field",
    [
        'made: Thing @aws_subscribe(mutations: ["publish"])',
        'made: Thing @aws_subscribe(mutations: "publish")',
        'made(id: ID, n: Int): Thing @aws_subscribe(mutations: ["publish"])',
        'made(id: String!, n: Int!): Thing @aws_subscribe(mutations: ["publish"])',
        'made(id: ID): Thing @aws_subscribe(mutations: ["publish", "publishAlways"])',
        'made: Thing! @aws_subscribe(mutations: ["publishAlways"])',
        'made: Thing @aws_lambda @aws_subscribe(mutations: ["publish"])',
        'made: Thing @aws_lambda @aws_iam @aws_subscribe(mutations: ["publish"])',
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
            "'mkae', which does not exist. Mutations: cut, make, own, publi",
        ),
        ('made: Part @aws_subscribe(mutations: ["publish"])', "is of type Part, and the mutation publish"),
        ('made: [Thing] @aws_subscribe(mutations: ["publish"])', "is of type [Thing], and the mutation publish"),
        ('made: Thing! @aws_subscribe(mutations: ["publish"])', "is of type Thing!, and the mutation publish"),
        ('made(m: Int): Thing @aws_subscribe(mutations: ["publish"])', "has the argument m, and nothing to compare"),
        ('made(part: Int): Thing @aws_subscribe(mutations: ["publish"])', "Arguments that filter: id, n."),
        ('made(lost: Int): Thing @aws_subscribe(mutations: ["publish"])', "publish tells no such value of Thing"),
        ('made(tags: String): Thing @aws_subscribe(mutations: ["publish"])', "Arguments that filter: id, n."),
        (
            'made(id: Int): Thing @aws_subscribe(mutations: ["publish"])',
            "has the argument id: Int, which equals no Thing.id: ID!. Write id: ID.",
        ),
        ('made(id: [ID]): Thing @aws_subscribe(mutations: ["publish"])', "argument id: [ID], which equals no Thing.id"),
        ('made(n: String): Thing @aws_subscribe(mutations: ["publish"])', "equals no Thing.n: Int. Write n: Int."),
        ('made: Thing @aws_iam @aws_subscribe(mutations: ["publish"])', "Subscription.made is open to @aws_iam alone"),
    ],
)
def test_a_subscription_that_would_hear_nothing_or_something_else_is_refused(field: str, said: str) -> None:
    (found,) = problems(field)

    assert said in found


def test_a_type_that_is_closed_to_clients_closes_its_subscriptions() -> None:
    (found,) = problems('made: Thing @aws_subscribe(mutations: ["publish"])', "@aws_iam")

    assert "nobody could subscribe. Write @aws_lambda there instead" in found


@pytest.mark.parametrize("mutation", ["make", "own"])
def test_a_subscription_to_what_is_told_in_one_region_alone_is_refused_with_what_is_told_in_all(mutation: str) -> None:
    (found,) = problems(f'made(id: ID): Thing @aws_subscribe(mutations: ["{mutation}"])')

    assert f"subscribes to the mutation {mutation}, and would hear of it only in the region where it is called" in found
    assert found.endswith("Subscribe to what publishes Thing in every region: publish, publishAlways.")


def test_where_nothing_publishes_the_type_a_table_is_to() -> None:
    (found,) = problems('cut: Part @aws_subscribe(mutations: ["cut"])')

    assert found.endswith(
        "Let a table publish Part (publish: in tables.yaml), and subscribe to the mutation that it " + "publishes by."
    )


def test_a_schema_without_subscriptions_is_accepted() -> None:
    assert list(api_subscriptions.problems(parse("type Query { a: Int }", "schema"), {})) == []
