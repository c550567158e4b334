"""A destroyed stack leaves what AWS keeps for some hours, and a sweep removes that then; both can be interrupted."""

from typing import Any

import pytest
import urllib3

from ops.edge_functions import log_group
from tests.end_to_end.checkout import Checkout
from tests.end_to_end.killing import killed

pytestmark = pytest.mark.end_to_end

THREE = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "virginia": "us-east-1"}
DOWN = ("down", "--keep-sandbox")
HOURS = 3600


@pytest.fixture(scope="module")
def function(checkout: Checkout) -> str:
    """The router's function of a stack of three regions, all of which has been destroyed, not without trouble."""
    checkout.set_config(regions=THREE)
    name: str = checkout.json("up")["edgeRouter"]["function"]
    assert killed(checkout, *DOWN, when=lambda resources: 0 < resources < 150)
    assert checkout.json(*DOWN)["left"] == []
    return name


def later(checkout: Checkout, hours: float) -> None:
    """Puts the sandbox's clock ahead."""
    url = f"http://127.0.0.1:{checkout.port}/_sandbox/clock"
    assert urllib3.request("PUT", url, json={"ahead": hours * HOURS}).status == 200


def swept(checkout: Checkout) -> Any:
    return checkout.json("sweep", "--yes")


def test_a_destroy_that_was_killed_and_repeated_leaves_the_routers_function_and_nothing_else(
    checkout: Checkout, function: str
):
    assert checkout.resources() == [f"lambda us-east-1: {function}"]
    again = checkout.json(*DOWN)
    assert again == {"changes": {}, "left": [], "retained": [function]}


def test_a_sweep_removes_what_is_left_once_aws_lets_it(checkout: Checkout, function: str):
    early = swept(checkout)
    assert early["done"] == []
    assert early["left"][0].startswith(f"CloudFront still has replicas of {function}: ")

    # A replica that lingers makes its logs anew.
    checkout.aws("logs", "eu-west-2").create_log_group(logGroupName=log_group(function))
    later(checkout, 3)
    assert len(swept(checkout)["done"]) == 2
    assert checkout.resources() == []

    nothing = swept(checkout)
    assert (nothing["steps"], nothing["done"], nothing["left"]) == ([], [], [])
