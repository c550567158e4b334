"""The rules read properties by name: a misspelt one would read nothing, and find nothing, for ever."""

import typing
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi import _types
from pulumi_policy import ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy

from policy.rules import POLICIES
from policy.rules.shared.certificate import CERTIFICATE, VALIDATION
from policy.rules.shared.distribution import DISTRIBUTION
from tests.policy.deployment_old import Deployment, Shape, compliant
from tests.policy.pack import policy_resources, resource_arguments

KINDS: list[Any] = [aws.acm.Certificate, aws.acm.CertificateValidation, aws.cloudfront.Distribution]
TYPES: dict[str, Any] = {kind.pulumi_type: kind for kind in KINDS}

Path = tuple[str, ...]


class Recording(Mapping[str, Any]):
    """Properties that note which of them are read, by their path from the resource."""

    def __init__(self, props: Mapping[str, Any], reads: set[Path], path: Path = ()) -> None:
        self._props, self._reads, self._path = props, reads, path

    def __getitem__(self, key: str) -> Any:
        path = (*self._path, key)
        self._reads.add(path)
        return self._wrapped(self._props[key], path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._props)

    def __len__(self) -> int:
        return len(self._props)

    def _wrapped(self, value: Any, path: Path) -> Any:
        if isinstance(value, Mapping):
            return Recording(value, self._reads, path)
        if isinstance(value, str) or not hasattr(value, "__getitem__"):
            return value
        return [self._wrapped(each, path) for each in value]


def read_by_the_rules() -> set[tuple[str, Path]]:
    iam = compliant()
    iam["edge-distribution"].inputs["viewerCertificate"] = {"iamCertificateId": "ASCA1234"}
    return read_of(compliant()) | read_of(iam)


def read_of(deployment: Deployment) -> set[tuple[str, Path]]:
    reads: defaultdict[str, set[Path]] = defaultdict(set)

    def quiet(_message: str, _urn: str | None = None) -> None:
        pass

    for policy in POLICIES:
        if isinstance(policy, StackValidationPolicy):
            resources = policy_resources(deployment, Shape.STATE)
            for resource in resources:
                resource.props = Recording(resource.props, reads[resource.resource_type])
            policy.validate(StackValidationArgs(resources), quiet)
        elif isinstance(policy, ResourceValidationPolicy):
            for args in resource_arguments(deployment, Shape.STATE):
                args.props = Recording(args.props, reads[args.resource_type])
                policy.validate(args, quiet)
    return {(kind, path) for kind, paths in reads.items() for path in paths}


def written_in(kind: str, value: Any, path: Path = ()) -> Iterator[tuple[str, Path]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield kind, (*path, key)
            yield from written_in(kind, inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from written_in(kind, inner, path)


def has_property(kind: str, path: Path) -> bool:
    """Whether the provider's own types know the property."""
    known: Mapping[str, Any] = _types.resource_types(TYPES[kind])
    for index, key in enumerate(path):
        if key not in known:
            return False
        if index + 1 < len(path):
            (nested,) = typing.get_args(known[key]) or (known[key],)
            known = _types.output_type_types(nested)
    return True


FIXTURE = {
    place
    for resource in compliant().values()
    if resource.type in TYPES
    for place in written_in(resource.type, resource.inputs | resource.made)
    if place[1] != ("id",)
}


def place(part: str | Path) -> str:
    return part if isinstance(part, str) else ".".join(part)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (DISTRIBUTION, ("aliases",)),
        (DISTRIBUTION, ("defaultCacheBehavior", "cachePolicyId")),
        (DISTRIBUTION, ("orderedCacheBehaviors", "lambdaFunctionAssociations", "eventType")),
        (DISTRIBUTION, ("viewerCertificate", "iamCertificateId")),
        (CERTIFICATE, ("subjectAlternativeNames",)),
    ],
    ids=place,
)
def test_what_a_rule_reads_is_noted(kind: str, path: Path) -> None:
    assert (kind, path) in read_by_the_rules()


@pytest.mark.parametrize(("kind", "path"), sorted(read_by_the_rules()), ids=place)
def test_a_property_that_a_rule_reads_exists_in_the_provider(kind: str, path: Path) -> None:
    assert has_property(kind, path)


@pytest.mark.parametrize(("kind", "path"), sorted(FIXTURE), ids=place)
def test_a_property_of_the_fixture_exists_in_the_provider(kind: str, path: Path) -> None:
    assert has_property(kind, path)


def test_a_misspelt_property_does_not_exist_in_the_provider() -> None:
    assert not has_property(DISTRIBUTION, ("defaultCacheBehaviour",))
    assert not has_property(DISTRIBUTION, ("orderedCacheBehaviors", "cachePolicyID"))


def test_the_rules_name_resource_types_as_the_provider_does() -> None:
    assert {DISTRIBUTION, CERTIFICATE, VALIDATION} == set(TYPES)
