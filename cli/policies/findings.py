"""What the policy pack says of a stack: the model behind every output, from the engine's texts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cli.events import Violation
from cli.policies.rules import ADVISORY, MANDATORY, Rule, rules

_UNDECIDED = re.compile(r"can't run policy '([^']+)' from policy pack .*? during preview: (.*)", re.DOTALL)
_LABELLED = re.compile(r"(?P<resource>\w+ '[^']*')(?:, (?P<place>\S+))?: (?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True)
class Location:
    """Where in the project a resource is registered; `path` is relative to the project's root."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Finding:
    """A rule that a stack breaks.

    Attributes:
        resource: kind and name of the resource that has to change: `Distribution 'edge-distribution'`.
        place: its property, "" where the finding is about all of it.
        urn: how the engine names it.
        found: what it has, and what comes of it.
        fix: the remedy.
        location: where it is registered, None where nobody knows.
    """

    stack: str
    rule: str
    level: str
    severity: str
    resource: str
    place: str
    urn: str | None
    found: str
    fix: str
    url: str
    location: Location | None = None

    @property
    def mandatory(self) -> bool:
        return self.level == MANDATORY

    @property
    def where(self) -> str:
        """The resource and its property."""
        return f"{self.resource}, {self.place}" if self.place else self.resource


@dataclass(frozen=True)
class Undecided:
    """What a rule could not be judged on, and why; `resource` is "" where the rule named none."""

    stack: str
    rule: str
    resource: str
    place: str
    reason: str

    @property
    def where(self) -> str:
        return f"{self.resource}, {self.place}" if self.place else self.resource


@dataclass(frozen=True)
class Checked:
    """A stack's verdict.

    Attributes:
        error: why the stack could not be previewed, if it could not.
        file: what to show for a finding whose location nobody knows: the stack's config, or its exported state.
        warnings: what the program says of its config beside that.
    """

    stack: str
    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    error: str | None = None
    file: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.error is None and not any(finding.mandatory for finding in self.findings)


Locate = Callable[[str], Location | None]
"""Where the resource with this URN is registered."""


def judged(stack: str, violations: Iterable[Violation], locate: Locate = lambda _: None, file: str = "") -> Checked:
    """The verdict that the engine's policy events amount to; mandatory findings first, then the worst."""
    told = list(violations)
    undecided = {each for violation in told for each in _undecided(stack, violation)}
    found = [_finding(stack, violation, locate) for violation in told if not _UNDECIDED.match(violation.message)]
    severities = ("critical", "high", "medium", "low")
    found.sort(key=lambda each: (not each.mandatory, severities.index(each.severity), each.rule, each.where))
    listed = sorted(undecided, key=lambda each: (each.rule, each.resource, each.place, each.reason))
    return Checked(stack, tuple(found), tuple(listed), file=file)


def _finding(stack: str, violation: Violation, locate: Locate) -> Finding:
    from policy.rules.shared.verdict import FIX  # noqa: PLC0415 - it takes all rules with it, as in `rules`

    rule = rules().get(violation.policy) or _unknown(violation)
    text, _, fix = violation.message.removeprefix(rule.description).strip().partition(FIX)
    match = _LABELLED.fullmatch(text)
    return Finding(
        stack=stack,
        rule=rule.name,
        level=violation.level,
        severity=rule.severity,
        resource=match["resource"] if match else _named(violation.urn),
        place=(match["place"] if match else None) or "",
        urn=violation.urn,
        found=match["rest"] if match else text,
        fix=fix or rule.fix,
        url=rule.url,
        location=locate(violation.urn) if violation.urn else None,
    )


def _undecided(stack: str, violation: Violation) -> Iterable[Undecided]:
    told = _UNDECIDED.match(violation.message)
    for reason in told[2].splitlines() if told else ():
        match = _LABELLED.fullmatch(reason)
        yield Undecided(
            stack,
            violation.policy,
            match["resource"] if match else "",
            (match["place"] if match else None) or "",
            match["rest"] if match else reason,
        )


def _named(urn: str | None) -> str:
    """As a rule would name the resource."""
    if urn is None:
        return "the stack"
    *_, kind, name = urn.split("::")
    return f"{kind.rpartition(':')[2]} '{name}'"


def _unknown(violation: Violation) -> Rule:
    """A rule of another pack that the engine was told to run."""
    return Rule(violation.policy, violation.policy, "", "", "", "medium", ADVISORY, {}, mends=False)
