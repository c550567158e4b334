import pytest

from cli.changes import Change
from cli.errors import CommandError
from cli.events import Report, Step
from cli.losses import refuse_losses

DOMAIN = "antipodes:index:RegionalApi$aws:appsync/domainName:DomainName"
SHARED = "antipodes:index:GlobalTable$aws:dynamodb/table:Table"
OWN = "antipodes:index:RegionalTable$aws:dynamodb/table:Table"


def step(operation: str, kind: str, name: str, *changes: Change) -> Step:
    return Step(operation, f"urn:pulumi:local::antipodes::{kind}::{name}", changes)


def refused(*steps: Step) -> str:
    with pytest.raises(CommandError) as caught:
        refuse_losses(Report(steps=list(steps)))
    return str(caught.value)


def test_a_key_that_moves_to_another_region_is_refused_with_the_way_round_it():
    said = refused(step("replace", DOMAIN, "tokyo-domain", Change("region", "ap-northeast-1", "eu-west-3")))

    assert "key tokyo would move from ap-northeast-1 to eu-west-3" in said
    assert "key of its own" in said


def test_a_key_that_moves_is_told_before_the_table_that_moves_with_it():
    table = step("replace", OWN, "tokyo-events-table", Change("region", "ap-northeast-1", "eu-west-3"))
    domain = step("replace", DOMAIN, "tokyo-domain", Change("region", "ap-northeast-1", "eu-west-3"))

    assert refused(table, domain).startswith("the key tokyo")


def test_a_home_that_moves_is_refused_with_the_key_to_write_again():
    said = refused(step("replace", SHARED, "events-table", Change("region", "eu-west-1", "ap-southeast-2")))

    assert "the tables' home would move from eu-west-1 to ap-southeast-2" in said
    assert "Write the key of eu-west-1 under antipodes:home again" in said
    assert "another domain" in said


@pytest.mark.parametrize(
    ("old", "new", "words"), [(OWN, SHARED, "regional to replicated"), (SHARED, OWN, "replicated to regional")]
)
def test_tables_of_the_other_kind_of_data_are_refused_with_the_line_to_write_again(old: str, new: str, words: str):
    steps = [step("create", new, "one-table"), step("create", new, "two-table"), step("delete", old, "three-table")]
    said = refused(*steps)

    assert f"antipodes:data would change from {words}" in said
    assert f"Write antipodes:data: {words.split(maxsplit=1)[0]} again" in said


def test_a_table_that_would_get_another_name_is_refused():
    said = refused(step("replace", SHARED, "events-table", Change("name", "a.com.events", "b.com.events")))

    assert "antipodes:domain would change, and the tables are named after it (name: a.com.events -> b.com" in said
    assert "Write the old domain again" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("hashKey", "id", "slug"), "(hashKey: id -> slug)"),
        (Change("rangeKey", None, "when"), "(rangeKey: + when)"),
        (Change("rangeKey", "when", None), "(rangeKey: - when)"),
    ],
)
def test_a_table_that_would_get_another_key_is_refused_with_the_way_round_it(change: Change, words: str):
    said = refused(step("replace", SHARED, "events-table", change))

    assert f"the key of the table events would change {words}" in said
    assert "a table of another name" in said


def test_another_consistency_is_refused():
    change = Change("replicas[1].consistencyMode", "EVENTUAL", "STRONG")

    assert refused(step("update", SHARED, "events-table", change)).startswith("antipodes:consistency would change")


def test_what_can_be_changed_in_place_passes():
    refuse_losses(
        Report(
            steps=[
                step("replace", DOMAIN, "tokyo-domain", Change("certificateArn", "a", "b")),
                step("replace", "aws:lambda/function:Function", "tokyo-function", Change("region", "a", "b")),
                step("update", SHARED, "events-table", Change("replicas[1]", None, "{'regionName': 'eu-west-3'}")),
                step("update", SHARED, "events-table", Change("replicas[0].regionName", "eu-west-3", "eu-west-2")),
                step("update", SHARED, "events-table", Change("replicas[1].consistencyMode", None, None)),
                step("update", OWN, "sydney-events-table", Change("deletionProtectionEnabled", "False", "True")),
            ]
        )
    )


@pytest.mark.parametrize("kind", [SHARED, OWN])
def test_tables_that_come_and_go_within_one_kind_of_data_pass(kind: str):
    refuse_losses(Report(steps=[step("create", kind, "one-table"), step("delete", kind, "two-table")]))
    refuse_losses(Report(steps=[step("create", kind, "one-table")]))
    refuse_losses(Report(steps=[step("delete", kind, "one-table")]))
