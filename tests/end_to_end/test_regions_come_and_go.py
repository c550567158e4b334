"""A region is one line of config: added and removed under steady requests, with none lost."""

import pytest

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.traffic import Traffic

pytestmark = pytest.mark.end_to_end

TWO = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
THREE = TWO | {"tokyo": "ap-northeast-1"}
TOKYO_HOST = "tokyo-appsync.example.localhost"
RECORD_TTL = 60  # seconds; the routers keep an answer as long


def test_tokyo_is_added_and_removed_with_no_request_lost_and_nothing_left(checkout: Checkout):
    checkout.set_config(regions=TWO)
    checkout.done("up")
    before = sorted(checkout.resources())
    served_before = {row["city"]: row["servedBy"] for row in checkout.json("status")["edges"]}

    with Traffic(checkout, checkout.done("token").strip()) as traffic:
        checkout.set_config(regions=THREE)
        plan = checkout.json("preview")
        added = checkout.json("up")
        assert served_by(added)["Tokyo"] == "tokyo"
        traffic.wait_until_served_by("Tokyo", TOKYO_HOST, RECORD_TTL + 30)

        checkout.set_config(regions=TWO)
        removed = checkout.json("up")
        assert served_by(removed) == served_before
        old_home = f"{served_before['Tokyo']}-appsync.example.localhost"
        traffic.wait_until_served_by("Tokyo", old_home, RECORD_TTL + 30)

    assert traffic.failures == []
    assert traffic.total > 100

    # Only new things, the router and what replicates to every region change.
    touched = [step for step in plan["steps"] if step["operation"] != "create"]
    assert {name(step["urn"]) for step in touched} <= {
        "edge-router-function",
        "edge-distribution",
        "token-secret",
        "antipodes-local",
    }
    assert {step["operation"] for step in touched} <= {"update"}

    assert sorted(checkout.resources()) == before


def served_by(result: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {row["city"]: row["servedBy"] for row in result["edges"]}


def name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]
