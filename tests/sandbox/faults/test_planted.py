import pytest

from sandbox.faults.kinds import (
    ApiThrottled,
    ControlPlaneDown,
    DnsDown,
    EdgeDown,
    FunctionFailing,
    FunctionSlow,
    RegionDown,
    ReplicationPaused,
    TableLost,
)
from sandbox.faults.planted import Planted
from sandbox.streams.writes import Place

HOME, AWAY, FAR = (Place("000000000000", region, "events") for region in ("eu-west-1", "us-east-1", "ap-southeast-2"))
WAYS = [(HOME, AWAY), (AWAY, HOME), (HOME, FAR), (AWAY, FAR)]


def test_several_faults_are_there_at_once_and_go_one_by_one():
    both = Planted().adding(RegionDown("eu-west-1")).adding(EdgeDown("London"))

    assert both.is_down("eu-west-1")
    assert both.edge_is_down("London")
    assert not both.is_down("us-east-1")
    assert not both.edge_is_down("Tokyo")
    assert both.without(lambda fault: fault.kind == "region-down").faults == (EdgeDown("London"),)


def test_a_fault_takes_the_place_of_one_of_its_kind_at_the_same_place_however_bad_that_was():
    planted = Planted().adding(RegionDown("eu-west-1")).adding(RegionDown("us-east-1"))

    planted = planted.adding(RegionDown("eu-west-1", hanging=True))

    assert planted.faults == (RegionDown("us-east-1"), RegionDown("eu-west-1", hanging=True))


@pytest.mark.parametrize(
    ("fault", "cut"),
    [
        (RegionDown("eu-west-1"), [True, True, True, False]),
        (TableLost("eu-west-1", "events"), [True, True, True, False]),
        (TableLost("eu-west-1", "others"), [False, False, False, False]),
        (ReplicationPaused(), [True, True, True, True]),
        (ReplicationPaused("eu-west-1"), [True, True, True, False]),
        (ReplicationPaused("us-east-1", "eu-west-1"), [True, True, False, False]),
    ],
)
def test_replicas_that_a_fault_keeps_apart_are_not_connected(fault: RegionDown, cut: list[bool]):
    assert [not Planted((fault,)).are_connected(*way) for way in WAYS] == cut


def test_a_function_is_hit_in_the_regions_where_the_fault_is():
    here, everywhere = FunctionFailing("f", "eu-west-1"), FunctionSlow("f", 2)
    planted = Planted((here, everywhere))

    assert planted.of_function("f", "eu-west-1") == [everywhere, here]
    assert planted.of_function("f", "us-east-1") == [everywhere]
    assert planted.of_function("g", "eu-west-1") == []


def test_an_api_is_hit_by_its_service_and_region():
    planted = Planted((ApiThrottled("dynamodb", "eu-west-1"), ControlPlaneDown(), DnsDown("eu-west-2")))

    assert list(planted.throttling("dynamodb", "eu-west-1"))
    assert not list(planted.throttling("dynamodb", "us-east-1"))
    assert not list(planted.throttling("lambda", "eu-west-1"))
    assert planted.control_plane_is_down("route53")
    assert not planted.control_plane_is_down("cloudfront")
    assert planted.dns_is_down("eu-west-2")
    assert not planted.dns_is_down("us-east-1")
