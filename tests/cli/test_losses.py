from collections.abc import Collection
from typing import Any

import pytest

from cli.changes import Change
from cli.errors import CommandError
from cli.events import Report, Step
from cli.losses import refuse_down, refuse_losses

DOMAIN = "antipodes:index:RegionalApi$aws:appsync/domainName:DomainName"
SHARED = "antipodes:index:GlobalTable$aws:dynamodb/table:Table"
OWN = "antipodes:index:RegionalTable$aws:dynamodb/table:Table"


Inputs = dict[str, Any]


def step(
    operation: str, kind: str, name: str, *changes: Change, old: Inputs | None = None, new: Inputs | None = None
) -> Step:
    return Step(operation, f"urn:pulumi:local::antipodes::{kind}::{name}", changes, old or {}, new or {})


def table(name: str, *regions: str, protected: bool = False, strong: bool = False) -> Inputs:
    """A table's inputs, its home first."""
    settings = {"deletionProtectionEnabled": protected}
    replica = settings | ({"consistencyMode": "STRONG"} if strong else {})
    return settings | {
        "name": f"example.com.{name}",
        "region": regions[0],
        "replicas": [replica | {"regionName": region} for region in regions[1:]],
        "tags": {"antipodes:domain": "example.com", "antipodes:table": name},
    }


def refused(*steps: Step, deletable: Collection[str] = ()) -> str:
    with pytest.raises(CommandError) as caught:
        refuse_losses(Report(steps=list(steps)), deletable)
    return str(caught.value)


def passes(*steps: Step, deletable: Collection[str] = ()) -> None:
    refuse_losses(Report(steps=list(steps)), deletable)


def test_a_key_that_moves_to_another_region_is_refused_with_the_way_round_it():
    said = refused(step("replace", DOMAIN, "tokyo-domain", Change("region", "ap-northeast-1", "eu-west-3")))

    assert "key tokyo would move from ap-northeast-1 to eu-west-3" in said
    assert "key of its own" in said


def test_a_key_that_moves_is_told_before_the_table_that_moves_with_it():
    rows = step("replace", OWN, "tokyo-events-table", Change("region", "ap-northeast-1", "eu-west-3"))
    domain = step("replace", DOMAIN, "tokyo-domain", Change("region", "ap-northeast-1", "eu-west-3"))

    assert refused(rows, domain).startswith("the key tokyo")


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


def test_a_key_that_is_renamed_is_refused_with_the_way_round_it():
    said = refused(
        step("create", DOMAIN, "oz-domain", new={"region": "ap-southeast-2"}),
        step("delete", DOMAIN, "sydney-domain", old={"region": "ap-southeast-2"}),
    )

    assert "ap-southeast-2 would get the key oz instead of sydney" in said
    assert "take sydney out and run antipodes up, then add oz" in said


def test_a_region_that_comes_as_another_goes_is_not_taken_for_a_renamed_one():
    passes(
        step("create", DOMAIN, "tokyo-domain", new={"region": "ap-northeast-1"}),
        step("delete", DOMAIN, "sydney-domain", old={"region": "ap-southeast-2"}),
    )


@pytest.mark.parametrize("protects_still", [True, False])
def test_a_region_that_leaves_a_protected_stack_is_refused_with_the_two_steps(*, protects_still: bool):
    old = table("events", "eu-west-1", "ap-southeast-2", protected=True)
    new = table("events", "eu-west-1", protected=protects_still)
    said = refused(step("update", SHARED, "events-table", old=old, new=new))

    assert "refuses deletion: events in ap-southeast-2." in said
    assert "First undo the change, write antipodes:protected: false and run antipodes up; then make the change" in said


def test_a_replica_alone_may_be_protected():
    old = table("events", "eu-west-1", "ap-southeast-2")
    old["replicas"][0]["deletionProtectionEnabled"] = True

    assert "events in ap-southeast-2." in refused(
        step("update", SHARED, "events-table", old=old, new=table("events", "eu-west-1"))
    )


def test_a_region_that_leaves_a_protected_stack_with_its_own_tables_is_refused():
    old = table("events", "ap-southeast-2", protected=True)

    assert "events in ap-southeast-2." in refused(
        step("delete", DOMAIN, "sydney-domain", old={"region": "ap-southeast-2"}),
        step("delete", OWN, "sydney-events-table", old=old),
    )


def test_a_table_that_is_deleted_from_a_protected_stack_is_refused_even_with_leave():
    old = table("events", "eu-west-1", "us-east-1", protected=True)
    said = refused(step("delete", SHARED, "events-table", old=old), deletable=["events"])

    assert "events in eu-west-1, us-east-1." in said


def test_protection_comes_and_goes_and_regions_come_to_what_is_protected():
    two, three = ("eu-west-1", "ap-southeast-2"), ("eu-west-1", "ap-southeast-2", "us-east-1")
    held, free = table("events", *two, protected=True), table("events", *two)

    passes(step("update", SHARED, "events-table", old=held, new=free))
    passes(step("update", SHARED, "events-table", old=free, new=held))
    passes(step("update", SHARED, "events-table", old=held, new=table("events", *three, protected=True)))
    passes(step("update", SHARED, "events-table", old=free, new=table("events", "eu-west-1", protected=True)))


def test_another_region_of_a_strongly_consistent_table_is_refused():
    old = table("events", "eu-west-1", "eu-west-2", "eu-west-3", strong=True)
    new = table("events", "eu-west-1", "eu-west-2", "eu-central-1", strong=True)
    said = refused(step("update", SHARED, "events-table", old=old, new=new))

    assert "from eu-west-1, eu-west-2, eu-west-3 to eu-central-1, eu-west-1, eu-west-2" in said
    assert "antipodes:consistency: strong" in said
    assert "another domain" in said


def test_a_strongly_consistent_table_changes_and_comes_and_goes_otherwise():
    old = table("events", "eu-west-1", "eu-west-2", "eu-west-3", strong=True)
    new = table("events", "eu-west-1", "eu-west-3", "eu-west-2", strong=True, protected=True)

    passes(step("create", SHARED, "events-table", new=old))
    passes(step("update", SHARED, "events-table", old=old, new=new))
    passes(step("delete", SHARED, "events-table", old=old), deletable=["events"])


def test_tables_that_are_no_longer_declared_are_refused_with_the_command_that_deletes_them():
    said = refused(
        step("delete", SHARED, "events-table", old=table("events", "eu-west-1")),
        step("delete", SHARED, "comments-table", old=table("comments", "eu-west-1")),
        step("create", SHARED, "happenings-table", new=table("happenings", "eu-west-1")),
    )

    assert "api/tables.yaml no longer declares comments, events" in said
    assert said.endswith("antipodes up --delete-table comments --delete-table events")


def test_a_table_is_deleted_where_that_is_said_of_it_and_of_no_other():
    events = step("delete", SHARED, "events-table", old=table("events", "eu-west-1"))
    comments = step("delete", SHARED, "comments-table", old=table("comments", "eu-west-1"))

    passes(events, comments, deletable=["events", "comments"])
    assert "no longer declares comments:" in refused(events, comments, deletable=["events"])


def test_a_removed_region_takes_its_own_tables_along_and_no_other_regions():
    domain = step("delete", DOMAIN, "sydney-domain", old={"region": "ap-southeast-2"})
    sydneys = step("delete", OWN, "sydney-events-table", old=table("events", "ap-southeast-2"))
    irelands = step("delete", OWN, "ireland-events-table", old=table("events", "eu-west-1"))

    passes(domain, sydneys)
    assert "no longer declares events:" in refused(domain, sydneys, irelands)


def test_the_table_of_probes_holds_nobodys_rows():
    passes(step("delete", SHARED, "antipodes-canary-table", old=table("antipodes-canary", "eu-west-1")))


@pytest.mark.parametrize("kind", [SHARED, OWN])
def test_a_table_that_is_new_passes(kind: str):
    passes(step("create", kind, "one-table", new=table("one", "eu-west-1", "us-east-1", protected=True)))


def state(*tables: Inputs) -> dict[str, Any]:
    resources = [{"type": "pulumi:pulumi:Stack"}, {"type": "aws:sqs/queue:Queue", "inputs": {"region": "eu-west-1"}}]
    return {
        "version": 3,
        "deployment": {
            "resources": [*resources, *({"type": "aws:dynamodb/table:Table", "inputs": each} for each in tables)]
        },
    }


def test_a_protected_stack_is_not_taken_down_and_it_is_said_how_it_can_be():
    events, comments = (table(name, "eu-west-1", "us-east-1", protected=True) for name in ("events", "comments"))
    with pytest.raises(CommandError) as caught:
        refuse_down(state(events, comments))

    assert "comments, events in eu-west-1, us-east-1. Nothing was destroyed." in str(caught.value)
    assert "Write antipodes:protected: false, run antipodes up, then antipodes down" in str(caught.value)


def test_one_protected_replica_is_enough_to_keep_a_stack_up():
    half = table("events", "eu-west-1", "us-east-1")
    half["replicas"][0]["deletionProtectionEnabled"] = True

    with pytest.raises(CommandError, match="events in us-east-1"):
        refuse_down(state(half))


@pytest.mark.parametrize(
    "exported", [state(table("events", "eu-west-1", "us-east-1")), {"version": 3, "deployment": {}}, {"version": 3}]
)
def test_a_stack_that_is_not_protected_or_holds_nothing_may_go_down(exported: dict[str, Any]):
    refuse_down(exported)
