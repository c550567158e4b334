"""Rules that want one of CloudFront's managed policies on every behaviour that carries the router."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy import ReportViolation, ResourceValidationArgs

from .distribution import DISTRIBUTION, Behaviour, behaviours
from .known import UNKNOWN, read
from .verdict import Undecided, Verdict, Violation, deliver


@dataclass(frozen=True, kw_only=True)
class ManagedPolicy:
    """A managed policy that a property of each routed behaviour must name.

    Attributes:
        key: the behaviour's property.
        name: AWS's name of the policy.
        id: its identifier, the same in every account.
        why: what goes wrong without it, as the end of a sentence.
        lookalikes: other managed policies that are taken instead of it, identifier to name.
    """

    key: str
    name: str
    id: str
    why: str
    lookalikes: Mapping[str, str] = field(default_factory=dict)

    def validate(self, args: ResourceValidationArgs, report: ReportViolation) -> None:
        """Judges a distribution; leaves every other resource alone."""
        if args.resource_type == DISTRIBUTION:
            deliver(self._verdicts(args.name, args.props), report)

    def _verdicts(self, name: str, distribution: Mapping[str, Any]) -> Iterator[Verdict]:
        for behaviour in behaviours(distribution):
            if behaviour.carries_router is not False:
                yield from self._judge(f"Distribution '{name}', {behaviour.place}", behaviour)

    def _judge(self, where: str, behaviour: Behaviour) -> Iterator[Verdict]:
        if behaviour.props is UNKNOWN or behaviour.carries_router is UNKNOWN:
            yield Undecided(f"{where}: whether it carries an origin-request function is not known yet.")
            return
        found = read(behaviour.props, self.key)
        if found is UNKNOWN:
            yield Undecided(f"{where}: {self.key} is not known yet; it must be {self.id} ({self.name}).")
        elif found != self.id:
            yield Violation(
                f"{where}: {self.key} is {self._described(found)}, so {self.why}. "
                f'Set {self.key} to "{self.id}" ({self.name}).'
            )

    def _described(self, found: str | None) -> str:
        if not found:
            return "not set"
        return f'"{found}" ({self.lookalikes.get(found, "not " + self.name)})'
