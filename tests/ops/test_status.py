import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ops import drain_switch, journal, status
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.reach import Address
from ops.status import Status
from sandbox.ports import LOOPBACK
from tests.ops import world as outside
from tests.ops.conftest import unreachable
from tests.ops.world import OK, World

world = outside.world
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def states(now: Status) -> dict[str, str]:
    return {key: now.state(key) for key in now.regions}


def test_a_region_tells_its_state_its_parts_and_its_version(world: tuple[World, Deployment]):
    out_there, stack = world
    out_there.failed["sydney"] = "tables"

    now = status.look(stack)

    assert states(now) == {"ireland": "serving", "sydney": "unhealthy"}
    assert not now.fails_open
    sydney = now.regions["sydney"].place.health
    assert (sydney.parts, sydney.version, sydney.why) == ({**OK, "tables": "failed"}, "v1", "tables failed")


def test_what_is_switched_goes_before_what_is_found(world: tuple[World, Deployment]):
    out_there, stack = world
    out_there.failed["sydney"] = "tables"
    drain_switch.write(stack, "sydney", ["ireland"], drained=True, by="me", at="now")
    dialled = replace(stack, outputs={**stack.outputs, "dials": {"ireland": 25.0}})

    now = status.look(dialled)

    assert states(now) == {"ireland": "dialled", "sydney": "drained"}
    assert now.drained == ["sydney"]


def test_a_region_that_the_config_drains_is_not_awaited_in_rotation(world: tuple[World, Deployment]):
    out_there, stack = world
    out_there.failed["ireland"] = "api"
    now = status.look(replace(stack, outputs={**stack.outputs, "drained": ["sydney"]}))

    assert states(now) == {"ireland": "fail-open", "sydney": "drained by config"}
    assert now.drained == ["sydney"]


def test_when_no_region_is_healthy_route_53_fails_open(world: tuple[World, Deployment]):
    out_there, stack = world
    out_there.failed["ireland"] = "api"
    drain_switch.write(stack, "sydney", ["ireland"], drained=True, by="me", at="now")

    now = status.look(stack)
    assert now.fails_open
    assert now.drained == []
    by_table = status.look(replace(stack, outputs={**stack.outputs, "router": "function"}))
    assert not by_table.fails_open


def test_a_region_that_is_down_is_told_and_spoils_nothing(world: tuple[World, Deployment]):
    out_there, stack = world

    now = status.look(outside.part_down(out_there, stack, "sydney"))

    assert states(now) == {"ireland": "serving", "sydney": "unreachable"}
    assert now.operations == ()


def test_all_is_asked_at_once(world: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch):
    _, stack = world
    monkeypatch.setattr(status, "SECONDS", 60.0)
    alarms = {key: {"errors": "e"} for key in stack.regions}
    reads = len(["health", "alarms", "switch", "journal", "metrics"]) * len(stack.regions)
    every = threading.Barrier(reads, timeout=30)

    def address(_: str) -> Address:
        every.wait()
        return LOOPBACK, 1

    now = status.look(
        replace(
            stack,
            outputs={**stack.outputs, "alarms": alarms},
            reach=replace(stack.reach, address=address),
            clients=lambda *_: Together(every),
        )
    )

    assert states(now) == {"ireland": "fail-open", "sydney": "fail-open"}
    assert [place.place.alarms for place in now.regions.values()] == [None, None]
    assert not every.broken


@dataclass
class Together:
    """A service that answers nothing, and that only when all that is to be asked has been."""

    every: threading.Barrier

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **_: Any) -> Any:
        yield self.describe_alarms()

    def describe_alarms(self, **_: Any) -> Any:
        self.every.wait()
        raise EndpointConnectionError(endpoint_url="https://aws")

    batch_get_item = describe_alarms


def test_who_does_not_answer_is_not_waited_for(world: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch):
    _, stack = world
    monkeypatch.setattr(status, "SECONDS", 1.0)
    silent = Silent()

    now = status.look(replace(stack, clients=lambda *of: silent if of[0] == "cloudwatch" else stack.clients(*of)))

    assert silent.is_silent
    silent.ended.set()
    assert states(now) == {"ireland": "serving", "sydney": "serving"}
    assert (now.regions["sydney"].requests, now.regions["sydney"].place.alarms) == (None, ())


def test_what_the_regions_say_of_themselves_is_waited_for_where_this_machine_is_slow(
    world: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch
):
    _, stack = world
    monkeypatch.setattr(status, "SECONDS", 0.0)

    assert states(status.look(stack)) == {"ireland": "serving", "sydney": "serving"}


class Silent:
    """A service that answers nothing until it has `ended`."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.is_silent = True

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **_: Any) -> Any:
        self.ended.wait(60)
        self.is_silent = False
        return []


def test_the_last_operations_are_told_and_those_that_nobody_finished(world: tuple[World, Deployment]):
    _, stack = world
    with journal.recorded(stack, "drain", "sydney", tell=lambda _: None) as record:
        under_way = status.look(stack)
        record.step("Half.")

    assert [(entry.what, entry.outcome) for entry in under_way.unfinished] == [("drain", "begun")]
    ended = status.look(stack)
    assert ended.operations is not None
    assert [entry.steps for entry in ended.operations] == [("Half.",)]
    assert not ended.unfinished


def test_the_traffic_is_shared_out_by_what_clients_asked(
    world: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch
):
    _, stack = world
    outputs = {**stack.outputs, "domain": "example.com", "apis": {"ireland": {"id": "i"}, "sydney": {"id": "s"}}}
    values = {
        ("Requests", "i"): [50.0, 60.0],
        ("Requests", "s"): [40.0],
        ("Probes", "ireland"): [12.0],
        ("Publications", "ireland"): [8.0],
        ("Probes", "sydney"): [10.0],
        ("ReplicationLatency", "ap-southeast-2"): [800.0, 10.0],
    }
    metered = replace(
        stack,
        outputs=outputs,
        clients=lambda service, region: _Metrics(values) if service == "cloudwatch" else stack.clients(service, region),
    )

    now = status.look(metered)

    assert {key: region.requests for key, region in now.regions.items()} == {"ireland": 90, "sydney": 30}
    assert {key: region.share for key, region in now.regions.items()} == {"ireland": 0.75, "sydney": 0.25}
    assert {key: region.lag for key, region in now.regions.items()} == {"ireland": None, "sydney": 0.8}


def test_a_raised_alarm_that_route_53_watches_takes_a_region_out_of_rotation(world: tuple[World, Deployment]):
    _, stack = world
    checks = {key: {**found, "alarms": {"errors": "id"}} for key, found in stack.outputs["healthChecks"].items()}
    outputs = {
        **stack.outputs,
        "healthChecks": checks,
        "alarms": {"ireland": {"errors": "e", "latency": "l"}, "sydney": {"errors": "e", "latency": "l"}},
    }

    def looked(raised: dict[str, list[str]]) -> Status:
        def clients(service: str, region: str) -> Any:
            return _Metrics({}, raised.get(region, [])) if service == "cloudwatch" else stack.clients(service, region)

        return status.look(replace(stack, outputs=outputs, clients=clients))

    assert states(looked({"ap-southeast-2": ["e", "l"]})) == {"ireland": "serving", "sydney": "unhealthy"}
    assert looked({"ap-southeast-2": ["e", "l"]}).regions["sydney"].place.alarms == ("errors", "latency")
    assert states(looked({"ap-southeast-2": ["l"]})) == {"ireland": "serving", "sydney": "serving"}
    assert looked({"ap-southeast-2": ["e"], "eu-west-1": ["e"]}).fails_open


class _Metrics:
    """CloudWatch, with the values of metrics by name and one of their dimensions, and the alarms that are raised."""

    def __init__(self, values: dict[tuple[str, str], list[float]], raised: list[str] | None = None) -> None:
        self._values = values
        self._raised = raised or []

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, *, MetricDataQueries: list[Any], **_: Any) -> Any:  # noqa: N803 - as boto3 has it
        results = []
        for query in MetricDataQueries:
            metric = query["MetricStat"]["Metric"]
            named = [(metric["MetricName"], dimension["Value"]) for dimension in metric["Dimensions"]]
            values = next((self._values[name] for name in named if name in self._values), [])
            times = [NOON - timedelta(minutes=ago) for ago in range(len(values))]
            results.append({"Id": query["Id"], "Timestamps": times, "Values": values})
        yield {"MetricDataResults": results}

    def describe_alarms(self, *, AlarmNames: list[str], **_: Any) -> Any:  # noqa: N803 - likewise
        return {"MetricAlarms": [{"AlarmName": name} for name in AlarmNames if name in self._raised]}


def test_a_stack_without_health_endpoints_is_told_apart():
    stack = unreachable({"regions": {"ireland": "eu-west-1"}, "canaryTable": "t", "data": "regional", "domain": "d"})

    with pytest.raises(OperationError, match="no output 'health'"):
        status.look(stack)
