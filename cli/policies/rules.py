"""The rules of the policy pack, as commands and their outputs need to know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

MANDATORY, ADVISORY = "mandatory", "advisory"
LEVELS = (MANDATORY, ADVISORY, "remediate", "disabled")


@dataclass(frozen=True)
class Rule:
    """A rule.

    Attributes:
        level: mandatory stops a deployment, advisory does not; what a stack's config sets goes before.
        settings: what it can be told in the pack's config: JSON schemas by key.
        mends: whether it has a remediation, so that its level may be `remediate`.
    """

    name: str
    title: str
    description: str
    fix: str
    url: str
    severity: str
    level: str
    settings: Mapping[str, Mapping[str, Any]]
    mends: bool


@cache
def rules() -> Mapping[str, Rule]:
    """All rules of the pack, by name."""
    from policy.rules import POLICIES  # noqa: PLC0415 - more than a hundred modules, which most commands need none of

    return {policy.name: _rule(policy) for policy in POLICIES}


def _rule(policy: Any) -> Rule:
    return Rule(
        name=policy.name,
        title=policy.display_name,
        description=policy.description,
        fix=policy.remediation_steps,
        url=policy.url,
        severity=policy.severity.value,
        level=policy.enforcement_level.value,
        settings=policy.config_schema.properties,
        mends=getattr(policy, "remediate", None) is not None,
    )
