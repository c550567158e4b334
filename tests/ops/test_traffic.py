from dataclasses import replace

import pytest

from ops import traffic
from ops.deployment import Deployment
from ops.pace import Pace
from ops.traffic import Traffic
from tests.ops import api as apis
from tests.ops.api import Api
from tests.ops.conftest import unreachable

OUTPUTS = {"domain": "example.test", "regions": {"sydney": "ap-southeast-2"}, "apis": {"sydney": {"id": "a1"}}}


def watched(api: Api, pace: float = 1.0) -> Deployment:
    nothing = unreachable(OUTPUTS)
    return replace(nothing, clients=apis.clients(nothing.clients, api), pace=Pace(pace))


def test_what_our_own_functions_ask_is_not_traffic() -> None:
    api = Api("ap-southeast-2", requests=5, own=20, publications=300)

    assert traffic.latest(watched(api), "sydney", 60.0, 120.0) == Traffic(3, 5, 320, 60.0)


def test_the_latest_whole_minute_counts_and_none_that_began_before() -> None:
    stack = watched(Api("ap-southeast-2"))

    assert traffic.latest(stack, "sydney", 61.0, 179.0) is None
    found = traffic.latest(stack, "sydney", 61.0, 250.0)
    assert found is not None
    assert found.begun == 180.0


def test_a_minute_is_shorter_where_time_passes_faster_but_never_under_a_second() -> None:
    for pace, begun in ((20.0, 117.0), (1000.0, 119.0)):
        found = traffic.latest(watched(Api("ap-southeast-2"), pace), "sydney", 60.5, 120.5)
        assert found is not None
        assert found.begun == begun


def test_a_region_without_figures_is_not_taken_for_one_without_traffic() -> None:
    assert traffic.latest(watched(Api("ap-southeast-2", own=None)), "sydney", 60.0, 240.0) is None


@pytest.mark.parametrize(("connections", "requests", "own"), [(0, 0, 20), (0, 2, 20), (0, -4, 20), (0, 20, 1000)])
def test_traffic_has_ended_when_what_is_left_may_be_our_own(connections: float, requests: float, own: float) -> None:
    assert Traffic(connections, requests, own, 0.0).has_ended


@pytest.mark.parametrize(("connections", "requests", "own"), [(0, 3, 20), (1, 0, 20), (0, 30, 1000)])
def test_traffic_has_not_ended_while_a_client_is_left(connections: float, requests: float, own: float) -> None:
    assert not Traffic(connections, requests, own, 0.0).has_ended
