"""Bad input: one clear error, exit code 1 and no resource made."""

import os
import socket
from base64 import b64encode
from typing import Any

import pytest

from tests.end_to_end.checkout import Checkout

pytestmark = pytest.mark.end_to_end

GOOD = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}


def refused(checkout: Checkout, *said: str) -> None:
    """`up` fails, says each text, shows no traceback, and makes nothing."""
    result = checkout.run("up")

    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    for text in said:
        assert text in result.stderr, result.stderr
    assert checkout.resources() == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"regions": None}, ["antipodes:regions"]),
        ({"regoins": GOOD}, ["regoins", "antipodes:regions"]),
    ],
    ids=["missing", "unknown key"],
)
def test_a_bad_config_is_refused_in_words(checkout: Checkout, values: dict[str, Any], said: list[str]):
    with checkout.configured(**values):
        refused(checkout, *said)


def test_all_problems_of_a_config_come_in_one_error(checkout: Checkout):
    regions = {"Ireland!": "eu-west-1", "mars": "mars-north-1"}
    with checkout.configured(regions=regions, domain="https://example.localhost"):
        refused(checkout, "Ireland!", "mars-north-1", "https://example.localhost")


def test_a_router_over_the_limit_of_lambda_at_edge_is_refused(checkout: Checkout):
    ballast = checkout.root / "edge" / "router" / "ballast.py"
    ballast.write_bytes(b"DATA = '" + b64encode(os.urandom(54_000_000)) + b"'\n")
    try:
        refused(checkout, "50", "edge")
    finally:
        ballast.unlink()


def test_a_property_that_the_stand_in_provider_does_not_know_is_named(checkout: Checkout):
    known, unknown = 'billing_mode="PAY_PER_REQUEST",', 'on_demand_throughput={"max_read_request_units": 9},'
    with checkout.edited("components/tables.py", known, known + unknown):
        refused(checkout, "onDemandThroughput", "embedded AWS", "aws:dynamodb/table:Table")


def test_a_port_in_use_is_named_with_the_remedy(checkout: Checkout):
    checkout.done("down")
    with socket.socket() as other:
        other.bind(("127.0.0.1", checkout.port + 1))
        other.listen()
        result = checkout.run("up")

    assert result.returncode == 1
    assert f"port {checkout.port + 1} on 127.0.0.1 is in use" in result.stderr
    assert "ANTIPODES_PORT" in result.stderr
