"""Every defect that is planted in a deployed stack is found, named with its region and remedy, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cli import reach
from cli.output import Console
from cli.project import Project
from cli.session import open_session
from ops import permissions
from ops.deployment import Deployment
from ops.pace import Pace
from ops.verify import Verified, verify
from tests.end_to_end.checkout import Checkout
from tests.ops.calls import Recorder, refused, unused
from tests.ops.defects.all import DEFECTS
from tests.ops.defects.defect import Defect, Stack

pytestmark = pytest.mark.end_to_end
_TRIES = 3


@pytest.fixture(scope="module")
def deployment(checkout: Checkout) -> Deployment:
    checkout.done("up")
    project = Project(checkout.root)
    session = open_session(project, "local", Console(as_json=True))
    outputs = session.deployed()
    return Deployment(outputs, session.client, reach.to(project, session.daemon, outputs), Pace())


@pytest.fixture(scope="module")
def stack(checkout: Checkout, deployment: Deployment) -> Stack:
    return Stack(f"http://127.0.0.1:{checkout.port}", deployment.clients, deployment.outputs)


def settled(deployment: Deployment, is_so: Callable[[Verified], bool]) -> Verified:
    """What is told, asked for again while it is not so: on a busy machine a region may say that it is slow."""
    for _ in range(_TRIES - 1):
        if is_so(verified := verify(deployment, rounds=1)):
            return verified
    return verify(deployment, rounds=1)


def places(verified: Verified) -> set[tuple[str, str | None]]:
    """Where the causes are of all that is told."""
    return {(finding.link, finding.region) for finding in verified.findings if not finding.follows}


def told(verified: Verified) -> list[str]:
    return [f"{finding.link} in {finding.region}: {finding.seen}" for finding in verified.findings]


def test_a_good_stack_has_no_fault(checkout: Checkout, deployment: Deployment):
    lines = checkout.done("verify").splitlines()

    assert [line for line in lines if line.startswith(("✗", "?"))] == []
    assert any(line.startswith("✓ subscriptions: acknowledged") for line in lines)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: str(defect.name))
def test_a_defect_is_named_with_its_place_and_remedy(deployment: Deployment, stack: Stack, defect: Defect):
    with defect.plant(stack):
        verified = settled(deployment, lambda found: places(found) == {(defect.link, defect.region)})

    assert places(verified) == {(defect.link, defect.region)}, told(verified)
    causes = [finding for finding in verified.findings if not finding.follows]
    assert any(defect.seen in cause.seen and defect.remedy in cause.remedy for cause in causes), causes


def test_every_defect_was_undone(deployment: Deployment):
    assert told(settled(deployment, lambda found: found.ok)) == []


def test_who_verifies_needs_the_permissions_that_are_told_and_no_others(deployment: Deployment):
    recorder = Recorder(deployment.clients)

    verify(replace(deployment, clients=recorder), rounds=1)

    policy = permissions.document(deployment, [permissions.VERIFY])
    assert refused(policy, recorder.calls, deployment) == []
    assert unused(policy, recorder.calls, deployment) == []


def test_of_a_region_that_is_down_each_link_is_told_and_none_of_the_other_region(deployment: Deployment, stack: Stack):
    there = {"sydney", None}
    with stack.fault("region-down", region="ap-southeast-2"):
        verified = settled(deployment, lambda found: {finding.region for finding in found.findings} <= there)

    assert {finding.region for finding in verified.findings} <= there, told(verified)
    assert {"tables", "token", "regional host", "health"} <= {finding.link for finding in verified.findings}


def test_what_an_older_deployment_does_not_tell_is_unknown_and_said_so(deployment: Deployment):
    older = {name: value for name, value in deployment.outputs.items() if name not in ("functions", "healthChecks")}

    verified = settled(
        replace(deployment, outputs=older), lambda found: all(finding.unknown for finding in found.findings)
    )

    assert {finding.link for finding in verified.findings} == {
        "authorizer",
        "health",
        "health checks",
        "latency records",
    }
    assert all(finding.unknown and "run antipodes up" in finding.remedy for finding in verified.findings)
