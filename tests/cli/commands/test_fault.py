import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from cli import faulty_stack, local
from cli.app import app
from cli.errors import UsageError
from sandbox.faults.control import FaultsControl
from sandbox.faults.state import Faults
from sandbox.time_scale import TimeScale

OUTPUTS: dict[str, Any] = {
    "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
    "tables": {"events": "stack.events"},
    "canaryTable": "stack.canary",
    "functions": {"sydney": {"authorizer": "a-1", "resolvers": "r-1", "health": "h-1"}},
    "edgeRouter": {"function": "router-1", "version": "arn"},
}
PLANTED: list[tuple[str, dict[str, Any]]] = [
    ("region-down sydney", {"region": "ap-southeast-2", "hanging": False}),
    ("region-down sydney --hanging", {"region": "ap-southeast-2", "hanging": True}),
    ("table-lost ireland events", {"region": "eu-west-1", "table": "stack.events"}),
    (
        "function-failing sydney resolvers --rate 0.5",
        {"function": "r-1", "region": "ap-southeast-2", "rate": 0.5},
    ),
    ("function-failing edge router", {"function": "router-1", "region": None, "rate": 1.0}),
    (
        "function-slow sydney own --seconds 3",
        {"function": "own", "seconds": 3.0, "region": "ap-southeast-2", "rate": 1.0},
    ),
    ("dns-down", {"executing_region": None}),
    ("dns-down --from eu-west-2", {"executing_region": "eu-west-2"}),
    ("edge-down London", {"city": "London"}),
    ("replication-paused", {"region": None, "other": None}),
    ("replication-paused ireland sydney", {"region": "eu-west-1", "other": "ap-southeast-2"}),
    ("api-throttled dynamodb --rate 0.3", {"service": "dynamodb", "region": None, "rate": 0.3}),
    ("api-throttled lambda ireland", {"service": "lambda", "region": "eu-west-1", "rate": 1.0}),
    ("control-plane-down", {"service": "route53"}),
]
WRONG = [
    ("region-down tokyo", "no region key 'tokyo' in this stack; it has ireland, sydney."),
    ("table-lost ireland rows", "no table 'rows' in this stack; it has events, canary."),
    ("function-failing sydney resolver", "no function 'resolver' in ap-southeast-2: ResourceNotFoundException."),
    ("function-failing sydney resolvers --rate 0", "rate is 0.0; it must be a number above 0, up to 1."),
    ("edge-down Lagos", "city is 'Lagos'; it must be a city with an edge location: London."),
    ("dns-down --from sydney", "executing_region is 'sydney'; it must be a regional edge cache: "),
    ("api-throttled dynamo", "service is 'dynamo'; it must be a service as boto3 names it"),
    ("clear flood", "There is no fault 'flood', only region-down, "),
    ("clear edge-down sydney", "edge-down has no region, only city."),
    ("list --stack prod", "faults are planted in the embedded AWS, beneath the stack 'local'; 'prod' is on AWS."),
]


class _Lambda:
    """Holds one function, `own`."""

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        if FunctionName != "own":
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetFunctionConfiguration")
        return {}


@dataclass(frozen=True)
class Command:
    faults: Faults

    def __call__(self, line: str) -> Any:
        result = CliRunner().invoke(app, ["fault", *line.split()])
        if result.exception:
            raise result.exception
        return result.stdout


@pytest.fixture(scope="module")
def control() -> Iterator[tuple[Faults, int]]:
    """The sandbox's controls, over HTTP."""
    faults, loop = Faults(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    page = web.Application()
    page.add_routes([*FaultsControl(faults, ["London"]).controls, *TimeScale().controls])
    server = TestServer(page)
    asyncio.run_coroutine_threadsafe(server.start_server(), loop).result()
    yield faults, int(server.port or 0)
    asyncio.run_coroutine_threadsafe(server.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def command(control: tuple[Faults, int], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`antipodes fault` before a stack that is up; no fault is planted."""
    faults, port = control
    daemon = SimpleNamespace(ports=SimpleNamespace(aws_endpoint=f"http://127.0.0.1:{port}"))
    session = SimpleNamespace(deployed=lambda: OUTPUTS, client=lambda *_: _Lambda())
    monkeypatch.setattr(local, "keep_off_proxies", lambda: None)
    monkeypatch.setattr(local, "require_running", lambda _: daemon)
    monkeypatch.setattr(faulty_stack, "open_session", lambda *_, **__: session)
    there = Command(faults)
    there("clear")
    return there


@pytest.mark.parametrize(("line", "members"), PLANTED, ids=[line for line, _ in PLANTED])
def test_each_kind_is_planted_by_the_names_of_the_stack(command: Command, line: str, members: dict[str, Any]):
    told = json.loads(command(f"{line} --json"))

    assert told == {"faults": [{"kind": line.split(maxsplit=1)[0], **members}]}
    assert [each.document for each in command.faults.now.faults] == told["faults"]


@pytest.mark.parametrize(("line", "message"), WRONG, ids=[line for line, _ in WRONG])
def test_what_there_is_not_is_refused_as_wrong_usage_and_changes_nothing(command: Command, line: str, message: str):
    with pytest.raises(UsageError) as refused:
        command(line)

    assert str(refused.value).startswith(message)
    assert not command.faults.now.faults


def test_faults_are_cleared_by_kind_and_region_by_kind_or_all(command: Command):
    for line in ("region-down sydney", "region-down ireland", "dns-down", "edge-down London"):
        command(line)

    def left(line: str) -> list[str]:
        return [each["kind"] for each in json.loads(command(f"{line} --json"))["faults"]]

    assert left("clear region-down sydney") == ["region-down", "dns-down", "edge-down"]
    assert left("clear region-down") == ["dns-down", "edge-down"]
    assert left("clear") == []


def test_faults_are_listed_for_people(command: Command):
    assert command("list") == "No faults are planted.\n"
    command("dns-down")
    command("region-down sydney --hanging")
    listed = [" ".join(line.split()) for line in command("function-slow sydney health --seconds 2.5").splitlines()]

    assert listed == [
        "fault where how bad",
        "dns-down everywhere",
        "region-down region ap-southeast-2 hanging",
        "function-slow function h-1, region ap-southeast-2 seconds 2.5, rate 1",
    ]


def test_time_passes_as_fast_as_it_is_told(command: Command):
    assert json.loads(command("time-scale 20 --json")) == {"scale": 20.0}
    assert command("time-scale 1") == "Time passes 1 times as fast as it does here.\n"
