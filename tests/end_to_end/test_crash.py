"""`kill -9` of the engine in the middle of `up`: the next `up` goes on, and nothing is made twice."""

import json
import re
import signal
import time
from collections import Counter

import pytest

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.killing import STATE, held, killed, state

pytestmark = pytest.mark.end_to_end

_RANDOM = r"[0-9a-f-]{36}|-[0-9a-f]{7}\b|\bE[A-Z0-9]{13}\b|apis/\w+|(?<=/stream/)\S+"
KILLS = 5
STRIDE = 15  # resources that an engine may write down before it is killed
# One region has every kind of resource, and half as many as two for the engine to make over and over.
ONE = {"regions": {"ireland": "eu-west-1"}, "policies": {"regions-at-least-two": "advisory"}}


@pytest.fixture(scope="module")
def whole(checkout: Checkout) -> Counter[str]:
    """What an `up` that nothing disturbs makes; the tests that follow leave the same."""
    checkout.set_config(**ONE)
    checkout.done("up")
    return kinds(checkout)


def test_a_create_whose_outcome_the_engine_never_learned_is_taken_in_and_not_repeated(
    checkout: Checkout, whole: Counter[str]
):
    forgotten = forget(checkout)
    assert len(forgotten) > 50

    result = checkout.run("up")

    assert result.returncode == 0, result.stderr
    for name in forgotten:
        assert f"Took in {name}" in result.stderr
    assert kinds(checkout) == whole
    assert set(checkout.json("up")["changes"]) <= {"same"}


def test_a_create_that_never_reached_aws_is_made_by_the_next_up(checkout: Checkout, whole: Counter[str]):
    (name,) = forget(checkout, "latency-ireland")
    zones = checkout.aws("route53").list_hosted_zones()["HostedZones"]
    record = next(
        record
        for record in checkout.aws("route53").list_resource_record_sets(HostedZoneId=zones[0]["Id"])[
            "ResourceRecordSets"
        ]
        if record.get("SetIdentifier") == "ireland"
    )
    checkout.aws("route53").change_resource_record_sets(
        HostedZoneId=zones[0]["Id"],
        ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]},
    )

    result = checkout.run("up")

    assert result.returncode == 0, result.stderr
    assert f"Forgot {name}" in result.stderr
    assert kinds(checkout) == whole


def test_an_up_that_was_interrupted_says_so_in_one_line(checkout: Checkout, whole: Counter[str]):
    checkout.done("down")
    with checkout.start("up") as command:
        while not held(checkout):
            assert command.poll() is None
            time.sleep(0.005)
        command.send_signal(signal.SIGINT)
        _, errors = command.communicate(timeout=60)

    assert command.returncode == 1
    assert errors.splitlines()[-1] == (
        "error: interrupted. Run the same command again: it goes on from where this one stopped."
    )
    assert "Traceback" not in errors


def test_an_up_that_is_interrupted_and_killed_five_times_ends_as_one_that_was_not(
    checkout: Checkout, whole: Counter[str]
):
    deadline = time.monotonic() + 60
    while any("/pulumi " in line for line in checkout.processes()):  # the interrupted engine may be at work still
        assert time.monotonic() < deadline
        time.sleep(0.1)
    killings, tries = 0, 0
    while killings < KILLS:
        assert (tries := tries + 1) <= 2 * KILLS, "the engine always finishes before it can be killed"
        if killed_up(checkout):
            killings += 1
        else:
            checkout.done("down")
    finished = checkout.run("up")

    assert finished.returncode == 0, finished.stderr
    assert "Cleared the lock" in finished.stderr
    assert "In rotation: ireland" in finished.stderr
    assert kinds(checkout) == whole
    assert state(checkout).get("pending_operations") in (None, [])
    again = checkout.json("up")
    assert set(again["changes"]) <= {"same"}
    drift = checkout.json("refresh")
    assert drift["steps"] == []


def forget(checkout: Checkout, only: str = "") -> list[str]:
    """Makes the state of an engine that was killed while it waited for these creates: of all that it had begun, or
    of one alone. (`pulumi stack import` would drop what is pending, so the file itself is written.)"""
    path = checkout.root / STATE
    whole = json.loads(path.read_text())
    latest = whole["checkpoint"]["latest"]
    pending = [r for r in latest["resources"] if r["type"].startswith("aws:") and r["urn"].endswith(only)]
    known = [r for r in latest["resources"] if r not in pending]
    for resource in known:  # the state may refer only to what it holds
        resource["dependencies"] = []
        resource["propertyDependencies"] = {}
    waiting = [{key: value for key, value in r.items() if key not in ("id", "outputs")} for r in pending]
    latest["resources"] = known
    latest["pending_operations"] = [{"resource": resource, "type": "creating"} for resource in waiting]
    path.write_text(json.dumps(whole))
    return [f"{resource['type']} {resource['urn'].rsplit('::', 1)[-1]}" for resource in pending]


def killed_up(checkout: Checkout) -> bool:
    """Kills the engine once it has got some way further than where it began; whether it was not done before."""
    goal = held(checkout) + STRIDE
    return killed(checkout, "up", when=lambda resources: resources >= goal)


def kinds(checkout: Checkout) -> Counter[str]:
    """What AWS holds, without the random ends of names and ids."""
    names = checkout.resources()
    return Counter(re.sub(_RANDOM, "*", name) for name in names)
