"""Where the program puts rows, and what of it may change while they are there."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pulumi
import pytest

from tests.program.recording import Deployment, Resource, config, deploy, stream_arn
from tests.program.stacks import STACKS, deployed, latency_records, of_region

TABLE = "aws:dynamodb/table:Table"
TABLES = ("events", "comments", "antipodes-canary")
HOME = {"ireland": "eu-west-1"}
SYDNEY = {"sydney": "ap-southeast-2"}
TOKYO = {"tokyo": "ap-northeast-1"}
EUROPE = {**HOME, "london": "eu-west-2", "paris": "eu-west-3"}


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def table(deployment: Deployment, name: str) -> Resource:
    (found,) = [each for each in deployment.of(TABLE) if each.name == f"{name}-table"]
    return found


def tables(regions: dict[str, str], **more: str) -> dict[str, Resource]:
    return _tables(tuple(regions.items()), tuple(more.items()))


@cache
def _tables(regions: tuple[tuple[str, str], ...], more: tuple[tuple[str, str], ...]) -> dict[str, Resource]:
    deployment = deploy(config(dict(regions), home="ireland", **dict(more)))
    return {name: table(deployment, name) for name in TABLES}


def without_replicas(resource: Resource) -> tuple[str, dict[str, Any]]:
    """What a table is, if not which regions it has been brought to."""
    return resource.urn, {name: value for name, value in resource.inputs.items() if name != "replicas"}


@pytest.mark.parametrize(
    "regions",
    [
        pytest.param(HOME, id="others removed"),
        pytest.param({**HOME, **TOKYO}, id="one exchanged for another"),
        pytest.param({**HOME, **SYDNEY, **TOKYO}, id="one added at the end"),
        pytest.param({**HOME, **TOKYO, **SYDNEY}, id="one added in between"),
        pytest.param({**TOKYO, **HOME, **SYDNEY}, id="one added before the home"),
        pytest.param({**SYDNEY, **HOME}, id="reordered"),
    ],
)
def test_regions_that_come_go_or_change_places_leave_every_table_what_it_is(regions: dict[str, str]) -> None:
    before, after = tables({**HOME, **SYDNEY}), tables(regions)

    for name in TABLES:
        assert without_replicas(before[name]) == without_replicas(after[name])
        assert {each["regionName"] for each in after[name].inputs["replicas"]} == set(regions.values()) - {"eu-west-1"}


def test_the_order_of_the_regions_changes_nothing_in_any_table() -> None:
    home_first, *others = (
        {name: each.inputs for name, each in tables(regions).items()}
        for regions in ({**HOME, **SYDNEY, **TOKYO}, {**TOKYO, **HOME, **SYDNEY}, {**TOKYO, **SYDNEY, **HOME})
    )

    assert others == [home_first, home_first]


def test_a_replica_is_what_it_was_when_others_come() -> None:
    (before,) = tables({**HOME, **SYDNEY})["events"].inputs["replicas"]

    assert before in tables({**TOKYO, **HOME, **SYDNEY})["events"].inputs["replicas"]


def test_a_table_lies_at_home_and_has_a_replica_in_every_other_region(stack: str) -> None:
    home, *others = STACKS[stack].values()
    for name in TABLES:
        inputs = table(deployed(stack), name).inputs

        assert inputs["region"] == home
        assert sorted(replica["regionName"] for replica in inputs["replicas"]) == sorted(others)


@pytest.mark.parametrize(("protected", "is_protected"), [("true", True), ("false", False)])
def test_every_replica_is_restorable_tagged_and_protected_as_its_table_is(
    protected: str, *, is_protected: bool
) -> None:
    made = tables({**HOME, **SYDNEY, **TOKYO}, protected=protected)
    for name in TABLES:
        inputs = made[name].inputs

        assert inputs["tags"] == {"antipodes:domain": "example.com", "antipodes:table": name}
        assert inputs["deletionProtectionEnabled"] is is_protected
        assert len(inputs["replicas"]) == 2
        for replica in inputs["replicas"]:
            assert {key: value for key, value in replica.items() if key != "regionName"} == {
                "pointInTimeRecovery": True,
                "propagateTags": True,
                "deletionProtectionEnabled": is_protected,
            }


@pytest.mark.parametrize(("data", "count"), [("replicated", 3), ("regional", 6)])
def test_every_table_is_encrypted_restorable_and_tells_its_changes(data: str, count: int) -> None:
    made = deployed(data=data).of(TABLE)

    assert len(made) == count
    for each in made:
        assert each.inputs["billingMode"] == "PAY_PER_REQUEST"
        assert each.inputs["pointInTimeRecovery"] == {"enabled": True}
        assert each.inputs["serverSideEncryption"] == {"enabled": True}
        assert (each.inputs["streamEnabled"], each.inputs["streamViewType"]) == (True, "NEW_AND_OLD_IMAGES")


@pytest.mark.parametrize("data", ["replicated", "regional"])
def test_no_table_is_deleted_to_make_room_for_another(data: str) -> None:
    assert {each.deletes_first for each in deployed(data=data).of(TABLE)} == {False}


def test_a_table_has_one_name_in_every_region_and_in_either_kind_of_data() -> None:
    shared = {each.inputs["name"] for each in deployed().of(TABLE)}
    own = Counter(each.inputs["name"] for each in deployed(data="regional").of(TABLE))

    assert shared == {"example.com.events", "example.com.comments", "example.com.antipodes-canary"}
    assert own == dict.fromkeys(shared, 2)


def test_the_canarys_rows_expire_and_no_other_tables_do() -> None:
    ttl = {name: table(deployed(), name).inputs.get("ttl") for name in TABLES}

    assert ttl == {"events": None, "comments": None, "antipodes-canary": {"attributeName": "expires", "enabled": True}}
    assert table(deployed(), "antipodes-canary").inputs["attributes"] == [{"name": "id", "type": "S"}]


def test_nothing_in_a_region_but_its_health_may_use_the_canary() -> None:
    of_health = {"ireland-health-probe-policy", "ireland-health-probe-function"}

    assert of_health == {
        each.name
        for each in of_region(deployed(), "ireland")
        if "antipodes-canary" in json.dumps(each.inputs) and not each.kind.startswith("aws:cloudwatch/")
    }


def test_regional_tables_lie_in_their_region_and_nowhere_else() -> None:
    deployment = deployed("3 regions", "regional")
    for key, region in STACKS["3 regions"].items():
        for name in TABLES:
            inputs = table(deployment, f"{key}-{name}").inputs

            assert inputs["region"] == region
            assert "replicas" not in inputs


def test_strong_consistency_is_asked_of_every_replica_and_leaves_out_what_it_excludes() -> None:
    for each in tables(EUROPE, consistency="strong").values():
        assert [replica["consistencyMode"] for replica in each.inputs["replicas"]] == ["STRONG", "STRONG"]
        assert "ttl" not in each.inputs


def test_consistency_is_eventual_without_being_asked_for() -> None:
    for each in tables(EUROPE).values():
        assert all("consistencyMode" not in replica for replica in each.inputs["replicas"])


@pytest.mark.parametrize(
    ("regions", "reason"),
    [
        ({**HOME, **SYDNEY}, "exactly 3 regions, not in 2"),
        ({**EUROPE, **SYDNEY}, "exactly 3 regions, not in 4"),
        (
            {**HOME, **SYDNEY, **TOKYO},
            "within one set of regions, and eu-west-1, ap-southeast-2, ap-northeast-1 do not",
        ),
    ],
)
def test_strong_consistency_that_dynamodb_does_not_have_is_refused_with_the_reason(
    regions: dict[str, str], reason: str
) -> None:
    recorded = Deployment()
    with pytest.raises(pulumi.RunError, match=reason):
        deploy(config(regions, consistency="strong"), into=recorded)

    assert recorded.resources == []


@pytest.mark.parametrize(("stack", "data"), [*((stack, "replicated") for stack in STACKS), ("2 regions", "regional")])
def test_each_regions_fan_out_reads_the_streams_of_its_own_region(stack: str, data: str) -> None:
    deployment = deployed(stack, data)
    for key, region in STACKS[stack].items():
        read = {
            each.inputs["eventSourceArn"]
            for each in of_region(deployment, key)
            if each.kind == "aws:lambda/eventSourceMapping:EventSourceMapping"
        }
        assert read == {stream_arn(region, f"example.com.{name}") for name in ("events", "comments")}


def test_a_replica_comes_and_goes_after_the_distribution_has_changed(stack: str) -> None:
    deployment = deployed(stack)

    for name in TABLES:
        assert "edge-distribution" in deployment.needs(table(deployment, name))


def test_neither_the_distribution_nor_a_regions_api_waits_for_a_table(stack: str) -> None:
    deployment = deployed(stack)
    apis = [api for each in deployment.of("antipodes:index:RegionalApi") for api in deployment.below(each.urn)]
    needed = set().union(*map(deployment.needs, [deployment.named("edge-distribution"), *apis]))

    assert not {f"{name}-table" for name in TABLES} & needed


@pytest.mark.parametrize("data", ["replicated", "regional"])
def test_a_region_gets_requests_only_when_its_tables_are_there(data: str) -> None:
    deployment = deployed(data=data)
    for key, record in latency_records(deployment).items():
        own = {f"{name}-table" for name in TABLES} if data == "replicated" else {f"{key}-events-table"}

        assert own <= deployment.needs(record)


@pytest.mark.parametrize("data", ["replicated", "regional"])
def test_events_become_mutations_only_when_the_tables_that_they_write_are_there(data: str) -> None:
    deployment = deployed(data=data)
    for key in STACKS["2 regions"]:
        (target,) = [
            each for each in of_region(deployment, key) if each.kind == "aws:cloudwatch/eventTarget:EventTarget"
        ]
        name = "events-table" if data == "replicated" else f"{key}-events-table"

        assert name in deployment.needs(target)
