"""The rules' verdict on a deployment, as the pack's server comes to it, but without the pack's own process."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from policy.rules import POLICIES
from policy.rules.shared.known import Properties
from policy.rules.shared.verdict import UndecidedError
from tests.policy.deployment import Deployment, Resource

Config = Mapping[str, Mapping[str, Any]]
"""Rule -> its settings; the one named `enforcementLevel` is its level."""

Level = Literal["mandatory", "advisory", "undecided"]


@dataclass(frozen=True)
class Finding:
    """What a rule said; `undecided` blocks nothing and lists what could not be judged."""

    policy: str
    level: Level
    message: str
    urn: str = ""


READ: set[tuple[str, str]] = set()
"""The types and paths (without places in lists) of all properties that rules have read in this process."""

_PLACE = re.compile(r"\[\d+\]")


def _note(kind: str, path: str) -> None:
    READ.add((kind, _PLACE.sub("", path) if "[" in path else path))


Properties.noted = staticmethod(_note)


def judge(deployment: Deployment, config: Config | None = None) -> list[Finding]:
    """All that the pack says of the deployment."""
    return [*_of_resources(deployment, config or {}), *_of_the_stack(deployment, config or {})]


def level_of(policy: Policy, config: Config) -> EnforcementLevel:
    told = config.get(policy.name, {}).get("enforcementLevel")
    return EnforcementLevel(told) if told else policy.enforcement_level or EnforcementLevel.MANDATORY


def _of_resources(deployment: Deployment, config: Config) -> Iterator[Finding]:
    for resource in deployment:
        provider = deployment.resources.get(resource.provider or "")
        yield from (each for each in _by_itself(resource, provider) if each.policy not in config)
        for policy in POLICIES:
            if policy.name in config:
                yield from _resource_findings(policy, resource, provider, config)


@lru_cache(20_000)
def _by_itself(resource: Resource, provider: Resource | None) -> list[Finding]:
    """What the rules that are not configured say of a resource: an edit leaves most resources as they were."""
    return [found for policy in POLICIES for found in _resource_findings(policy, resource, provider, {})]


def _resource_findings(
    policy: Policy, resource: Resource, provider: Resource | None, config: Config
) -> Iterator[Finding]:
    if not isinstance(policy, ResourceValidationPolicy) or not policy.has_validation():
        return
    shown = ResourceValidationArgs(
        resource.type,
        resource.shown_inputs,
        resource.urn,
        resource.name,
        _options(resource),
        _provider(provider),
        _settings(policy, config),
    )
    yield from _findings(policy, shown, config)


def _of_the_stack(deployment: Deployment, config: Config) -> Iterator[Finding]:
    shown = policy_resources(deployment)
    for policy in POLICIES:
        if isinstance(policy, StackValidationPolicy):
            yield from _findings(policy, StackValidationArgs(shown, _settings(policy, config)), config)


def _findings(policy: Any, shown: Any, config: Config) -> Iterator[Finding]:
    level = level_of(policy, config)
    if level is EnforcementLevel.DISABLED:
        return
    said: list[Finding] = []
    told: Level = "advisory" if level is EnforcementLevel.ADVISORY else "mandatory"

    def report(message: str, urn: str | None = None) -> None:
        said.append(Finding(policy.name, told, message, urn or ""))

    try:
        policy.validate(shown, report)
    except UndecidedError as error:
        said += [Finding(policy.name, "undecided", each.message, each.resource.urn) for each in error.undecided]
    yield from said


def _settings(policy: Policy, config: Config) -> dict[str, Any] | None:
    settings = {key: value for key, value in config.get(policy.name, {}).items() if key != "enforcementLevel"}
    return settings or None


def policy_resources(deployment: Deployment) -> list[PolicyResource]:
    """As stack rules are shown them."""
    made = {
        each.urn: PolicyResource(
            each.type,
            each.shown_outputs,
            each.urn,
            each.name,
            _options(each),
            _provider(deployment.resources.get(each.provider or "")),
            None,
            [],
            {},
        )
        for each in deployment
    }
    for each in deployment:
        shown = made[each.urn]
        shown.parent = made.get(each.parent or "")
        shown.dependencies = [made[urn] for urn in each.dependencies if urn in made]
        shown.property_dependencies = {
            key: [made[urn] for urn in urns if urn in made] for key, urns in each.property_dependencies.items()
        }
    return list(made.values())


@lru_cache(20_000)
def _options(resource: Resource) -> PolicyResourceOptions:
    return PolicyResourceOptions(
        protect=resource.options.protect,
        ignore_changes=list(resource.options.ignore_changes),
        delete_before_replace=None,
        aliases=[],
        custom_timeouts=PolicyCustomTimeouts(0, 0, 0),
        additional_secret_outputs=[],
        parent=resource.parent,
    )


@lru_cache
def _provider(provider: Resource | None) -> PolicyProviderResource | None:
    if provider is None:
        return None
    return PolicyProviderResource(provider.type, provider.shown_inputs, provider.urn, provider.name)
