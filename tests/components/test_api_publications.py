import pytest
from graphql import parse as parse_document
from graphql import validate
from hypothesis import given
from hypothesis import strategies as st

from components import api_publications
from components.api_schema import parse
from components.api_tables import Key, Table

THING = "type Thing @aws_lambda @aws_iam"
PLACE = "type Place @aws_lambda @aws_iam { city: String things: [Thing] }"
PUBLISH = "publishThing(item: AWSJSON!): Thing @aws_iam"


def schema_of(thing: str = THING + " { id: ID! }", publish: str = PUBLISH, more: str = "") -> str:
    return f"type Query {{ things: [Thing] }} {thing} type Mutation {{ {publish} }} {more}"


def tables(publish: str = "publishThing") -> list[Table]:
    return [Table("things", Key({"id": "S"}), {}, {"INSERT": publish, "MODIFY": publish})]


def problems(text: str, *resolved: str, publish: str = "publishThing") -> list[str]:
    return list(api_publications.problems(tables(publish), parse(text, "schema"), resolved))


def problem(text: str, *resolved: str, publish: str = "publishThing") -> str:
    (found,) = set(problems(text, *resolved, publish=publish))
    return found


def document(text: str, *resolved: str) -> str:
    schema = parse(text, "schema")
    assert list(api_publications.problems(tables(), schema, resolved)) == []
    found = api_publications.document(schema, resolved, "publishThing")
    assert validate(schema, parse_document(found)) == []
    return found


def test_a_publication_carries_what_the_item_tells_by_itself_objects_in_it_too() -> None:
    text = schema_of(
        THING
        + """ {
            id: ID!
            kinds: [Kind!]!
            size(unit: String = "m"): Float
            place: Place
            places: [[Place!]]
            resolved: String
            related(limit: Int): [Thing]
            needs(unit: String!): Float
            secret: String @aws_lambda
            ours: String @aws_iam
            hollow: Hollow
            either: Either
        }""",
        more="""
            enum Kind { A B }
            union Either = Place | Hollow
            type Place @aws_lambda @aws_iam { city: String country: String }
            type Hollow @aws_lambda @aws_iam { needs(unit: String!): Float }
        """,
    )

    assert document(text, "Thing.resolved", "Thing.related") == (
        "mutation ($item: AWSJSON!) { publishThing(item: $item) "
        "{ id kinds size place { city country } places { city country } ours } }"
    )


def test_an_object_within_one_of_its_own_type_is_left_out() -> None:
    text = schema_of(THING + " { id: ID! parts: [Thing] place: Place }", more=PLACE)

    assert document(text).endswith("{ id place { city } } }")


def test_a_publication_goes_no_deeper_than_appsync_is_told_to_follow() -> None:
    chain = "".join(f"type T{n} @aws_lambda @aws_iam {{ x: Int next: T{n + 1} }} " for n in range(30))
    text = schema_of(THING + " { next: T0 }", more=chain + "type T30 { x: Int }")

    assert document(text).count("next") == 5


def test_a_publication_tells_which_fields_it_carries() -> None:
    schema = parse(schema_of(THING + " { id: ID! a: Int b(c: Int!): Int d: Int }"), "schema")

    assert api_publications.carried(schema, ["Thing.d"], "publishThing") == {"id", "a"}


def test_the_mutations_are_listed_once_each() -> None:
    more = Table("others", Key({"id": "S"}), {}, {"REMOVE": "publishOther"})

    assert api_publications.fields([*tables(), more]) == ["publishOther", "publishThing"]
    assert api_publications.fields([Table("silent", Key({"id": "S"}), {})]) == []


def test_a_mutation_that_is_not_there_is_refused_with_the_line_to_write() -> None:
    found = problems(schema_of(), publish="publishThnig")

    assert "table things publishes INSERT by the mutation 'publishThnig', which the schema does not have" in found[0]
    assert "publishThnig(item: AWSJSON!): <the type of the table's items> @aws_iam" in found[0]
    assert "Mutations: publishThing." in found[0]


@pytest.mark.parametrize(
    ("publish", "said"),
    [
        ("publishThing: Thing @aws_iam", "takes nothing; a publish mutation takes the changed item alone"),
        ("publishThing(item: String!): Thing @aws_iam", "takes item: String!"),
        ("publishThing(item: AWSJSON): Thing @aws_iam", "takes item: AWSJSON;"),
        ("publishThing(item: AWSJSON!, more: Int): Thing @aws_iam", "takes item: AWSJSON!, more: Int;"),
        ("publishThing(item: AWSJSON!): Thing", "Mutation.publishThing is open to @aws_lambda: clients could"),
        ("publishThing(item: AWSJSON!): Thing @aws_iam @aws_lambda", "open to @aws_iam and @aws_lambda: clients"),
        ("publishThing(item: AWSJSON!): [Thing] @aws_iam", "returns [Thing]; a publish mutation returns one object"),
        ("publishThing(item: AWSJSON!): String @aws_iam", "returns String; a publish mutation returns one object"),
    ],
)
def test_a_mutation_that_cannot_publish_or_that_clients_could_forge_is_refused(publish: str, said: str) -> None:
    assert said in problem(schema_of(publish=publish))


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ("type Thing { id: ID! @aws_iam }", "the type Thing, which is closed to @aws_iam"),
        ("type Thing @aws_iam { id: ID! }", "the type Thing, which is closed to @aws_lambda"),
        (
            THING + " { id: ID! place: Place } type Place { city: String @aws_iam }",
            "publishes the type Place, which is closed to @aws_iam: ",
        ),
    ],
)
def test_a_type_that_is_closed_to_the_fan_out_or_to_subscribers_is_refused_with_the_line_to_write(
    thing: str, said: str
) -> None:
    found = problem(schema_of(thing))

    assert said in found
    assert found.endswith("@aws_lambda @aws_iam`.")


def test_a_mutation_with_a_resolver_of_the_users_is_refused() -> None:
    assert "remove yours" in problem(schema_of(), "Mutation.publishThing")


def test_a_type_of_which_nothing_could_be_told_is_refused() -> None:
    assert "Mutation.publishThing could tell nothing" in problem(schema_of(), "Thing.id")


def test_a_mutation_may_say_that_its_object_is_never_null() -> None:
    assert document(schema_of(publish="publishThing(item: AWSJSON!): Thing! @aws_iam"))


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["Int", "Thing", "[Inner]"]), min_size=1))
def test_whatever_the_type_the_operation_fits_the_schema(fields: dict[str, str]) -> None:
    body = " ".join(f"{name}: {kind}" for name, kind in fields.items())
    inner = "type Inner @aws_lambda @aws_iam { x: Int thing: Thing }"

    document(schema_of(f"{THING} {{ id: ID! {body} }}", more=inner))
