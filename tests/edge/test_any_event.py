"""A hundred thousand events for routers of every kind, whose DNS says anything: the same ones in each run."""

import copy
import itertools
from collections import Counter
from typing import Any

import pytest
from resolver import Answer
from router import Router

from sandbox.cloudfront.rules import violations
from tests.edge.generated_events import Events
from tests.edge.package import cold_start, deploy
from tests.edge.routers import HOSTS, KEYS, ROUTES, Here, There, router

EVENTS = 100_000
SAID = (*(Answer(key, scope=scope) for key in KEYS for scope in (0, 24)), Answer("sydney", stale=True), None)
FAILING = (*SAID, RuntimeError("a defect"))
REASONS = {"write", "sticky", "location", "dns", "stale", "nearest", "any", "dial"}


@pytest.fixture
def routers() -> list[tuple[Router, Here, There]]:
    """All combinations of options."""
    dialled = {key: ROUTES["regions"][key] | {"dial": dial} for key, dial in zip(KEYS, (0, 30, 60), strict=True)}
    made = []
    for routing, sticky, writes, regions, diagnostics, place in itertools.product(
        ("region", "location"),
        (None, "cookie", "header"),
        (None, "tokyo"),
        (ROUTES["regions"], dialled),
        (True, False),
        ("eu-west-2", "mars-north-1"),
    ):
        routes = {
            "routing": routing,
            "sticky": sticky,
            "writes": writes,
            "regions": regions,
            "diagnostics": diagnostics,
        }
        here, there = Here(), There()
        made.append((router(routes, here, there if routing == "location" else None, place), here, there))
    return made


class Deployed:
    """The package's handler, of which a test exchanges the router."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def handle(self, one: Router, event: Any) -> dict[str, Any]:
        self._module._router = one
        answer: dict[str, Any] = self._module.handler(event, None)
        return answer


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return Deployed(cold_start(deploy(tmp_path_factory.mktemp("router"), ROUTES)))


def test_every_event_of_an_edge_location_is_answered_by_cloudfronts_rules_from_the_table(
    deployed: Deployed,
    routers: list[tuple[Router, Here, There]],
):
    events = Events(seed=1)
    seen: Counter[str] = Counter()
    for number in range(EVENTS * 9 // 10):
        one, here, there = events.random.choice(routers)
        here.said, there.said = events.random.choice(FAILING), events.random.choice(FAILING)
        event = events.well_formed()
        request = event["Records"][0]["cf"]["request"]
        before = copy.deepcopy(event) if number % 16 == 0 else event

        answer = deployed.handle(one, event)

        assert event == before
        assert violations(answer, request) == [], event
        if "status" in answer:
            assert (answer["status"], request["uri"]) == ("200", "/.well-known/antipodes"), event
            seen["diagnostics"] += 1
        else:
            key, reason = sent(answer, request)
            seen[reason] += 1
            seen["regional headers"] += f"key-of-{key}" in values(answer["headers"])

    assert seen.keys() == REASONS | {"diagnostics", "regional headers"}
    assert min(seen.values()) > EVENTS / 1000, "each way is gone often"


def sent(answer: dict[str, Any], request: dict[str, Any]) -> tuple[str, str]:
    """Key and reason of a request that is on its way to a region, with nothing in it that is not meant for that one."""
    key, _, reason = answer["headers"]["x-antipodes-route"][0]["value"].partition("; reason=")
    custom = answer["origin"]["custom"]
    assert custom["domainName"] == answer["headers"]["host"][0]["value"] == HOSTS[key]
    assert (custom["port"], custom["protocol"]) == (443, "https")
    for field in ("uri", "querystring", "method", "clientIp"):
        assert answer[field] == request[field]
    assert "x-antipodes-secret-" not in "".join([*answer["headers"], *custom["customHeaders"]])
    of_others = {f"key-of-{other}" for other in KEYS if other != key}
    assert of_others.isdisjoint(values(answer["headers"]) + values(custom["customHeaders"]))
    return key, reason


def values(headers: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["value"] for items in headers.values() for item in items]


def test_no_broken_event_is_sent_outside_the_table_or_answered_with_more_than_an_error(
    deployed: Deployed,
    routers: list[tuple[Router, Here, There]],
):
    events = Events(seed=2)
    seen: Counter[str] = Counter()
    for _ in range(EVENTS // 10):
        one, here, there = events.random.choice(routers)
        here.said, there.said = events.random.choice(SAID), events.random.choice(SAID)

        answer = deployed.handle(one, events.broken())

        if "status" in answer:
            assert violations(answer, {}) == []
            seen[answer["status"]] += 1
        else:
            assert answer["origin"]["custom"]["domainName"] in HOSTS.values()
            seen["sent"] += 1

    assert seen.keys() == {"sent", "200", "502", "503"}
