import asyncio
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.faults.control import FaultsControl
from sandbox.faults.kinds import KINDS
from sandbox.faults.state import Faults

IRELAND = {"kind": "region-down", "region": "eu-west-1", "hanging": False}
SYDNEY = {"kind": "region-down", "region": "ap-southeast-2", "hanging": True}
LONDON = {"kind": "edge-down", "city": "London"}
FILLED_IN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "control-plane-down"}, {"service": "route53"}),
    ({"kind": "dns-down"}, {"executing_region": None}),
    ({"kind": "dns-down", "executing_region": "eu-west-2"}, {}),
    ({"kind": "replication-paused"}, {"region": None, "other": None}),
    ({"kind": "replication-paused", "region": "eu-west-1", "other": "us-east-1"}, {}),
    ({"kind": "table-lost", "region": "eu-west-1", "table": "events"}, {}),
    ({"kind": "api-throttled", "service": "dynamodb", "rate": 0.5}, {"region": None}),
    ({"kind": "function-failing", "function": "f"}, {"region": None, "rate": 1.0}),
    ({"kind": "function-slow", "function": "f", "seconds": 2}, {"region": None, "rate": 1.0}),
]
WRONG: list[tuple[Any, str]] = [
    ({}, f"There is no fault None, only {', '.join(KINDS)}."),
    ({"kind": "flood"}, f"There is no fault 'flood', only {', '.join(KINDS)}."),
    ({"kind": ["edge-down"]}, f"There is no fault ['edge-down'], only {', '.join(KINDS)}."),
    (["edge-down"], f'Send {{"kind": one of {", ".join(KINDS)}}} and the members of that kind.'),
    ({"kind": "region-down"}, "region-down takes region, hanging (optional); given: nothing."),
    (IRELAND | {"city": "London"}, "region-down takes region, hanging (optional); given: region, hanging, city."),
    (IRELAND | {"region": "ireland"}, "region is 'ireland'; it must be an AWS region: af-south-1, ap-east-1, "),
    (IRELAND | {"region": None}, "region is None; it must be an AWS region: "),
    (IRELAND | {"hanging": 1}, "hanging is 1; it must be true or false."),
    (LONDON | {"city": "Lagos"}, "city is 'Lagos'; it must be a city with an edge location: London, Tokyo."),
    ({"kind": "dns-down", "executing_region": "eu-north-1"}, "executing_region is 'eu-north-1'; it must be a regional"),
    ({"kind": "api-throttled", "service": "dynamo"}, "service is 'dynamo'; it must be a service as boto3 names it, "),
    ({"kind": "function-failing", "function": "f", "rate": 0}, "rate is 0; it must be a number above 0, up to 1."),
    ({"kind": "function-failing", "function": "f", "rate": True}, "rate is True; it must be a number above 0, up to 1"),
    ({"kind": "function-slow", "function": "", "seconds": 1}, "function is ''; it must be a name."),
    ({"kind": "function-slow", "function": "f", "seconds": 901}, "seconds is 901; it must be a number above 0, up to"),
    ({"kind": "replication-paused", "other": "us-east-1"}, "other must be another region than region, which must"),
]


@pytest.fixture
def faults() -> Faults:
    return Faults()


def story(faults: Faults, tell: Any) -> None:
    app = web.Application()
    app.add_routes(FaultsControl(faults, ["London", "Tokyo"]).controls)

    async def told() -> None:
        async with TestClient(TestServer(app)) as client:

            async def ask(method: str, path: str = "", body: Any = None) -> tuple[int, Any]:
                answer = await client.request(method, f"/_sandbox/faults{path}", json=body)
                return answer.status, await answer.json()

            await tell(ask)

    asyncio.run(told())


def test_faults_are_planted_listed_and_cleared_one_by_one_or_all(faults: Faults):
    async def tell(ask: Any) -> None:
        assert await ask("GET") == (200, {"faults": []})
        await ask("PUT", body=LONDON)
        await ask("PUT", body=IRELAND)
        assert await ask("PUT", body=SYDNEY) == (200, {"faults": [LONDON, IRELAND, SYDNEY]})
        assert await ask("PUT", body=IRELAND) == (200, {"faults": [LONDON, SYDNEY, IRELAND]})
        assert await ask("DELETE", "/region-down?region=eu-west-1") == (200, {"faults": [LONDON, SYDNEY]})
        assert await ask("DELETE", "/dns-down") == (200, {"faults": [LONDON, SYDNEY]})
        assert await ask("DELETE", "/region-down") == (200, {"faults": [LONDON]})
        assert await ask("DELETE") == (200, {"faults": []})

    story(faults, tell)


def test_what_is_not_given_is_everywhere_and_always(faults: Faults):
    async def tell(ask: Any) -> None:
        for given, more in FILLED_IN:
            assert (await ask("PUT", body=given))[1]["faults"][-1] == given | more

    story(faults, tell)


def test_what_is_wrong_is_told_with_what_would_be_right_and_changes_nothing(faults: Faults):
    async def tell(ask: Any) -> None:
        await ask("PUT", body=LONDON)
        for wrong, message in WRONG:
            status, answer = await ask("PUT", body=wrong)
            assert (status, answer["message"][: len(message)]) == (400, message)
        for path, message in (
            ("/flood", f"There is no fault 'flood', only {', '.join(KINDS)}."),
            ("/edge-down?region=eu-west-1", "edge-down has no region, only city."),
        ):
            assert await ask("DELETE", path) == (400, {"message": message})
        assert await ask("GET") == (200, {"faults": [LONDON]})

    story(faults, tell)


def test_whoever_watches_has_acted_when_the_answer_comes(faults: Faults):
    seen: list[int] = []

    async def act() -> None:
        await asyncio.sleep(0)
        seen.append(len(faults.now.faults))

    faults.watch(act)

    async def tell(ask: Any) -> None:
        await ask("PUT", body=LONDON)
        assert seen == [1]
        await ask("DELETE")
        assert seen == [1, 0]

    story(faults, tell)
