"""What the engine is told: what the pack is, what its rules found, and what they could not judge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pulumi.runtime.proto import analyzer_pb2 as messages
from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy
from pulumi_policy.proxy import UnknownValueError

from ..shared.verdict import UndecidedError

VERSION = "0.0.1"  # as all packs in Python say; the engine takes that of PulumiPolicy.yaml instead


@dataclass(frozen=True)
class Pack:
    """The pack; `level` is that of rules that have none of their own."""

    name: str
    description: str
    policies: list[Policy]
    level: EnforcementLevel = EnforcementLevel.MANDATORY

    def info(self) -> Any:
        return messages.AnalyzerInfo(
            name=self.name,
            version=VERSION,
            description=self.description,
            supportsConfig=True,
            policies=[_about(policy, policy.enforcement_level or self.level) for policy in self.policies],
        )

    def found(self, policy: Policy, level: EnforcementLevel, message: str, urn: str | None) -> Any:
        """The rule is broken. What could not be mended counts as if its level were mandatory."""
        reported = EnforcementLevel.MANDATORY if level is EnforcementLevel.REMEDIATE else level
        return messages.AnalyzeDiagnostic(
            **self._said_by(policy),
            message=f"{policy.description}\n{message}" if message else policy.description,
            urn=urn or "",
            description=policy.description,
            enforcementLevel=_level(reported),
            severity=_severity(policy),
        )

    def undecided(self, policy: Policy, error: UnknownValueError) -> Iterator[Any]:
        """The rule could not be judged, on each of some resources where it says on which: this blocks nothing."""
        told = error.undecided if isinstance(error, UndecidedError) else ()
        for message, urn in [(each.message, each.resource.urn) for each in told] or [(error.message, "")]:
            yield self._not_judged(policy, message, urn)

    def failed(self, policy: Policy, error: Exception) -> Any:
        """The rule met what it does not expect, such as a number where AWS's provider takes texts alone."""
        reason = f"it failed with {type(error).__name__}: {error}. This is a defect of the rule, and worth a report."
        return self._not_judged(policy, " ".join(reason.split()), "")

    def mended(self, policy: Policy, properties: Any) -> Any:
        """The resource should have these properties."""
        return messages.Remediation(
            **self._said_by(policy), description=policy.description, properties=properties, diagnostic=""
        )

    def not_mended(self, policy: Policy, error: UnknownValueError) -> Any:
        """The rule cannot say which properties the resource should have."""
        reason = self._cannot("remediation", policy, error.message)
        return messages.Remediation(**self._said_by(policy), description=policy.description, diagnostic=reason)

    def _not_judged(self, policy: Policy, reason: str, urn: str) -> Any:
        return messages.AnalyzeDiagnostic(
            **self._said_by(policy),
            message=self._cannot("policy", policy, reason),
            urn=urn,
            description=policy.description,
            enforcementLevel=messages.ADVISORY,
        )

    def _said_by(self, policy: Policy) -> dict[str, Any]:
        return {"policyName": policy.name, "policyPackName": self.name, "policyPackVersion": VERSION}

    def _cannot(self, run: str, policy: Policy, reason: str) -> str:
        return f"can't run {run} '{policy.name}' from policy pack '{self.name}@v{VERSION}' during preview: {reason}"


def cannot_mend(policy: Policy) -> Any:
    """The level asks for a remediation, and the rule has none."""
    return messages.PolicyNotApplicable(policy_name=policy.name, reason="Policy does not implement remediate")


def _about(policy: Policy, level: EnforcementLevel) -> Any:
    told = messages.PolicyInfo(
        name=policy.name,
        displayName=policy.display_name or "",
        description=policy.description,
        enforcementLevel=_level(level),
        severity=_severity(policy),
        policy_type=messages.POLICY_TYPE_RESOURCE
        if isinstance(policy, ResourceValidationPolicy)
        else messages.POLICY_TYPE_STACK,
        tags=policy.tags or (),
        remediation_steps=policy.remediation_steps or "",
        url=policy.url or "",
    )
    if policy.config_schema:
        told.configSchema.properties.update(policy.config_schema.properties)
        told.configSchema.required.extend(policy.config_schema.required or ())
    return told


def _level(level: EnforcementLevel) -> Any:
    return messages.EnforcementLevel.Value(level.name)


def _severity(policy: Policy) -> Any:
    return messages.PolicySeverity.Value(
        f"POLICY_SEVERITY_{policy.severity.name if policy.severity else 'UNSPECIFIED'}"
    )
