"""What a stack's config can ask of its edge: places, drained regions, headers of a region's own, no Lambda at all."""

import json
import subprocess
from typing import Any

import pytest

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.killing import state
from tests.end_to_end.traffic import Traffic

pytestmark = pytest.mark.end_to_end

QUERY = "{ region }"
FOREIGN = "one-credential-for-all-regions"
REGIONS: dict[str, Any] = {
    "ireland": "eu-west-1",
    "sydney": "ap-southeast-2",
    "tokyo": {"region": "ap-northeast-1", "drained": True},
}


@pytest.fixture(scope="module")
def placed(checkout: Checkout) -> Checkout:
    checkout.set_config(regions=REGIONS, routing="location")
    checkout.done("up")
    return checkout


def test_the_edge_location_decides_and_a_drained_region_gets_nobody(placed: Checkout):
    assert decision(placed, "London")["reason"] == "location"
    assert decision(placed, "London")["edgeLocation"] == "LHR"
    assert decision(placed, "London")["region"] == "ireland"
    assert decision(placed, "Tokyo")["region"] == "sydney"
    assert any("tokyo" in line for line in placed.resources())  # deployed all the same


def test_a_region_has_headers_of_its_own_and_nothing_but_the_distribution_tells_them(placed: Checkout):
    token = placed.done("token").strip()
    assert ask(placed, "London", FOREIGN)[0] == 401

    with Traffic(placed, token) as traffic:
        placed.set_config(routing=None, originHeaders={"ireland": {"authorization": token}})
        told = placed.done("up", "--json")

    assert traffic.failures == []
    assert ask(placed, "London", FOREIGN) == (200, {"data": {"region": "eu-west-1"}})
    assert ask(placed, "Melbourne", FOREIGN)[0] == 401
    assert decision(placed, "London")["reason"] == "dns"
    assert token not in told
    assert token not in placed.done("export")
    assert token not in routers_code(placed)


def test_without_lambda_the_same_stack_serves_on_through_the_change(placed: Checkout):
    token = placed.done("token").strip()
    before = decision(placed, "Tokyo")["region"]

    with Traffic(placed, token) as traffic:
        placed.set_config(router="function", originHeaders=None)
        placed.done("up")
        after = decision(placed, "Tokyo")

    assert traffic.failures == []
    assert (after["region"], after["reason"]) == (before, "location")
    assert ask(placed, "London", token) == (200, {"data": {"region": "eu-west-1"}})
    # AWS keeps the function for as long as it has replicas; the stack has no part in it any more.
    assert not [each for each in state(placed)["resources"] if "antipodes:index:EdgeRouter" in str(each)]


def decision(checkout: Checkout, city: str) -> dict[str, Any]:
    """What the edge says of itself to a viewer there."""
    url = checkout.connections["edges"][city] + "/.well-known/antipodes"
    command = ["curl", "--silent", "--show-error", "--fail", "--cacert", str(checkout.ca), url]
    return dict(json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout))


def ask(checkout: Checkout, city: str, token: str) -> tuple[int, Any]:
    status, body = checkout.curl(checkout.connections["edges"][city] + "/graphql", QUERY, token)
    return status, json.loads(body)


def routers_code(checkout: Checkout) -> str:
    """All that lies in the router's packages."""
    tables = list((checkout.root / ".sandbox" / "functions").rglob("routes.json"))
    assert tables
    files = [path for table in tables for path in table.parent.rglob("*") if path.is_file()]
    return "".join(path.read_text(errors="replace") for path in files)
