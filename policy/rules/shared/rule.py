"""What the rules are made with: a rule says what it looks at and how it judges one of these, and the rest is here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from .known import NotKnownError
from .stack import Resource, Stack, shared_stack
from .verdict import Undecided, Verdict, deliver

S = TypeVar("S")
T = TypeVar("T")

_EXEMPT = {
    "exempt": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Names of resources (as the program calls them) that the rule leaves alone.",
    }
}


@dataclass(frozen=True, kw_only=True)
class About:
    """What people are told of a rule.

    Attributes:
        name: the group and the file, as in `edge-caching-disabled`.
        title: what holds where the rule is kept; a short sentence.
        description: what the rule asks for; a sentence, before every message.
        fix: the remedy in general, in the words of a Pulumi Python program.
        url: where AWS (or a standard) says so.
        severity: how bad it is.
        level: mandatory stops a deployment, advisory does not.
        settings: what the rule can be told in the pack's config, by key, besides `exempt`: JSON schemas.
    """

    name: str
    title: str
    description: str
    fix: str
    url: str
    severity: Severity
    level: EnforcementLevel = EnforcementLevel.MANDATORY
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def arguments(self) -> dict[str, Any]:
        """As pulumi-policy takes them."""
        return {
            "name": self.name,
            "display_name": self.title,
            "description": self.description,
            "remediation_steps": self.fix,
            "url": self.url,
            "severity": self.severity,
            "enforcement_level": self.level,
            "config_schema": PolicyConfigSchema(
                properties={**{key: dict(schema) for key, schema in self.settings.items()}, **_EXEMPT}
            ),
        }


@dataclass(frozen=True)
class Subject(Generic[T]):
    """One thing that a rule judges, and the resource to name where its properties are not known yet."""

    resource: Resource
    of: T


def stack_rule(
    about: About,
    subjects: Callable[[Stack], Iterable["Subject[T] | Undecided"]],
    judge: Callable[[T], Iterable[Verdict]],
) -> StackValidationPolicy:
    """A rule that looks at more than one resource. It is judged when all are registered, at the end of a preview.

    `judge` is called with each of the `subjects`; where it reads what is not known yet, that subject is undecided, and
    the others are judged all the same.
    """

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        settings = args.get_config()
        stack = shared_stack(args.resources, settings)
        deliver(_verdicts(stack, subjects, judge), settings.get("exempt", ()), report)

    return StackValidationPolicy(validate=validate, **about.arguments())


def resource_rule(
    about: About,
    kinds: Iterable[str],
    judge: Callable[[Resource], Iterable[Verdict]],
    mend: Callable[[Mapping[str, Any]], Mapping[str, Any] | None] | None = None,
) -> ResourceValidationPolicy:
    """A rule that looks at each resource of some `kinds` by itself, before that one is made.

    `mend`, where the mistake can be mended without asking, returns the properties as they should be, or None where
    they are: the engine uses it when the rule's level is set to `remediate`. Where it reads what is not known yet,
    nothing is mended.
    """
    wanted = frozenset(kinds)

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type in wanted:
            settings = args.get_config()
            stack = Stack([args], settings)
            deliver(_verdicts(stack, lambda all_: each(*all_.resources), judge), settings.get("exempt", ()), report)

    def remediate(args: ResourceValidationArgs) -> Any:
        if mend is None or args.resource_type not in wanted or args.name in args.get_config().get("exempt", ()):
            return None
        try:
            return mend(args.props)
        except NotKnownError:
            return None

    return ResourceValidationPolicy(validate=validate, remediate=remediate if mend else None, **about.arguments())


def of_each(
    subjects: Callable[[Stack], Iterable["Subject[S] | Undecided"]],
    parts: Callable[[S], Iterable["Subject[T] | Undecided"]],
) -> Callable[[Stack], Iterator["Subject[T] | Undecided"]]:
    """The `parts` of each of the `subjects`, as subjects; what is undecided of these stays so."""

    def found(stack: Stack) -> Iterator[Subject[T] | Undecided]:
        for subject in subjects(stack):
            if isinstance(subject, Undecided):
                yield subject
            else:
                yield from parts(subject.of)

    return found


def each(*resources: Resource) -> Iterator[Subject[Resource]]:
    """The resources as subjects."""
    for resource in resources:
        yield Subject(resource, resource)


def _verdicts(
    stack: Stack,
    subjects: Callable[[Stack], Iterable["Subject[T] | Undecided"]],
    judge: Callable[[T], Iterable[Verdict]],
) -> Iterator[Verdict]:
    for subject in subjects(stack):
        if isinstance(subject, Undecided):
            yield subject
            continue
        try:
            yield from judge(subject.of)
        except NotKnownError as error:
            yield Undecided(subject.resource, f"{error.place} is not known yet.")
