"""The project's own program under the pack: its registrations, as the preview and as the exported state show them."""

from functools import cache
from typing import Any

import pytest

from tests.policy.deployment_old import CERTIFICATE, DISTRIBUTION, Deployment, Ref, Resource, Shape, certificate_arn
from tests.policy.pack import Judge
from tests.program.recording import config, deploy

REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "virginia": "us-east-1"}


@cache
def _registered(count: int, **setting: str) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    program = deploy(config(dict(list(REGIONS.items())[:count]), **setting))
    return tuple((each.name, each.kind, each.inputs) for each in program.resources if each.custom)


def captured(count: int, **setting: str) -> Deployment:
    """The program's resources; what the mocks gave out as an ARN is again a reference to the resource it is of."""
    registered = _registered(count, **setting)
    references = {f"arn:aws:test:::{name}": Ref(name, "arn") for name, _, _ in registered}
    references |= {f"arn:aws:test:::{name}:1": Ref(name, "qualifiedArn") for name, _, _ in registered}
    deployment = {
        name: Resource(kind, _restored(inputs, references), provider=None) for name, kind, inputs in registered
    }
    for name, resource in deployment.items():
        arn = certificate_arn("us-east-1") if resource.type == CERTIFICATE else f"arn:aws:test:::{name}"
        resource.made = {"arn": arn, "qualifiedArn": f"{arn}:1"}
    return deployment


def _restored(value: Any, references: dict[str, Ref]) -> Any:
    if isinstance(value, dict):
        return {key: _restored(each, references) for key, each in value.items()}
    if isinstance(value, list):
        return [_restored(each, references) for each in value]
    return references.get(value, value) if isinstance(value, str) else value


def the(kind: str, deployment: Deployment) -> dict[str, Any]:
    (found,) = [resource.inputs for resource in deployment.values() if resource.type == kind]
    return found


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_program_breaks_no_rule(judge: Judge, shape: Shape, count: int) -> None:
    config = {"regions-at-least-two": {"minimum": count}} if count == 1 else {}
    assert judge(captured(count), shape, config) == []


@pytest.mark.parametrize("setting", [{"routing": "location"}, {"router": "function"}])
def test_no_way_of_routing_breaks_a_rule(judge: Judge, shape: Shape, setting: dict[str, str]) -> None:
    assert judge(captured(2, **setting), shape) == []


def test_the_program_with_caching_on_is_stopped(judge: Judge, shape: Shape) -> None:
    deployment = captured(2)
    the(DISTRIBUTION, deployment)["defaultCacheBehavior"]["cachePolicyId"] = "658327ea-f89d-4fab-a63d-7e88639e58f6"

    assert [(each.policy, each.mandatory) for each in judge(deployment, shape)] == [("edge-caching-disabled", True)]


def test_the_program_without_all_viewer_is_stopped(judge: Judge, shape: Shape) -> None:
    deployment = captured(2)
    del the(DISTRIBUTION, deployment)["defaultCacheBehavior"]["originRequestPolicyId"]

    assert [(each.policy, each.mandatory) for each in judge(deployment, shape)] == [("edge-all-viewer", True)]


def test_the_program_with_a_certificate_for_one_name_is_stopped(judge: Judge, shape: Shape) -> None:
    deployment = captured(2)
    the(CERTIFICATE, deployment)["subjectAlternativeNames"] = []

    assert [(each.policy, each.mandatory) for each in judge(deployment, shape)] == [("edge-wildcard-certificate", True)]
