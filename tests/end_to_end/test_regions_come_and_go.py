"""A region is one line of config: added and removed under steady requests, with no request and no row lost."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.subscriber import audience, browser, until
from tests.end_to_end.traffic import Traffic
from tests.end_to_end.writers import SUBSCRIPTIONS, Writers, heard

pytestmark = pytest.mark.end_to_end

TWO = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
THREE = TWO | {"tokyo": "ap-northeast-1"}
TOKYO_HOST = "tokyo-appsync.example.localhost"
RECORD_TTL = 10  # seconds; the routers keep an answer as long, and nobody waits here for the minute of a real one
TABLE = "example.localhost.events"
ROWS = 1000


@pytest.fixture(scope="module")
def quick(checkout: Checkout) -> Iterator[Checkout]:
    with checkout.edited("components/failover.py", "ttl=60", f"ttl={RECORD_TTL}"):
        checkout.set_config(regions=TWO)
        checkout.done("up")
        yield checkout


def test_tokyo_is_added_and_removed_with_no_request_lost_and_nothing_left(quick: Checkout):
    checkout = quick
    fill(checkout)
    before = sorted(checkout.resources())
    served_before = {row["city"]: row["servedBy"] for row in checkout.json("status")["edges"]}

    with Traffic(checkout, checkout.done("token").strip()) as traffic:
        checkout.set_config(regions=THREE)
        added = checkout.json("up")
        assert served_by(added)["Tokyo"] == "tokyo"
        traffic.wait_until_served_by("Tokyo", TOKYO_HOST, RECORD_TTL + 30)
        assert rows(checkout, "ap-northeast-1") == expected_rows()
        written = asyncio.run(written_in_tokyo_and_heard_in_all(checkout))

        checkout.set_config(regions=TWO)
        removed = checkout.json("up")
        assert served_by(removed) == served_before
        old_home = f"{served_before['Tokyo']}-appsync.example.localhost"
        traffic.wait_until_served_by("Tokyo", old_home, RECORD_TTL + 30)

    assert traffic.failures == []
    assert traffic.total > 100
    for region in TWO.values():
        assert rows(checkout, region) == expected_rows() | written

    # Only new things, the router, what replicates to every region or shows all of them, and where drain switches are
    # looked for change.
    touched = [step for step in added["steps"] if step["operation"] != "create"]
    assert {name(step["urn"]) for step in touched} <= {
        "edge-router-function",
        "edge-distribution",
        "token-secret",
        "events-table",
        "comments-table",
        "antipodes-canary-table",
        "ireland-checks-combined",
        "sydney-checks-combined",
        "sydney-alarms-replication",
        "dashboards-overview",
        "dashboards-sydney",
        "antipodes-local",
    }
    assert {step["operation"] for step in touched} <= {"update"}

    assert sorted(checkout.resources()) == before


def served_by(result: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {row["city"]: row["servedBy"] for row in result["edges"]}


def name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def expected_rows() -> dict[str, str]:
    """Id to name."""
    return {f"row-{n}": f"Row {n}" for n in range(ROWS)}


def fill(checkout: Checkout) -> None:
    """A thousand events, written half in one region and half in the other."""
    requests = [
        {"PutRequest": {"Item": {"id": {"S": id_}, "name": {"S": name}}}} for id_, name in expected_rows().items()
    ]
    for n in range(0, ROWS, 25):
        api = checkout.aws("dynamodb", list(TWO.values())[n % 2])
        assert api.batch_write_item(RequestItems={TABLE: requests[n : n + 25]})["UnprocessedItems"] == {}


def rows(checkout: Checkout, region: str) -> dict[str, str]:
    pages = checkout.aws("dynamodb", region).get_paginator("scan").paginate(TableName=TABLE)
    return {item["id"]["S"]: item["name"]["S"] for page in pages for item in page["Items"]}


async def written_in_tokyo_and_heard_in_all(checkout: Checkout) -> dict[str, str]:
    """Id and name of an event that is created in the new region, of which subscribers everywhere hear once."""
    token = await asyncio.to_thread(lambda: checkout.done("token").strip())
    cities = ["London", "Melbourne", "Tokyo"]
    async with browser(checkout) as session, audience(checkout, token, cities, SUBSCRIPTIONS) as subscribers:
        id_ = await Writers(session, checkout, token).create("Tokyo", "new")
        await until(lambda: all(each.received for each in subscribers), "the new event in every city")
        assert [heard(each.received) for each in subscribers] == [{id_: [("created", "new")]}] * len(cities)
    return {id_: "new"}
