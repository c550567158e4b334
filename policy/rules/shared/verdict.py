"""What a rule finds, and how the engine is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from pulumi_policy import ReportViolation
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UnknownValueError

from .stack import Resource

FIX = "\nFix: "  # between what was found and its remedy, for whoever shows the two apart


@dataclass(frozen=True)
class Violation:
    """The rule is broken.

    Attributes:
        resource: the one that has to change.
        found: what it has, and what comes of it; sentences.
        fix: the remedy; a sentence.
        place: the property that holds it, where the resource's name does not say enough.
    """

    resource: Resource
    found: str
    fix: str
    place: str = ""

    @property
    def message(self) -> str:
        return f"{label(self.resource, self.place)}: {self.found}{FIX}{self.fix}"


@dataclass(frozen=True)
class Undecided:
    """The rule cannot be judged on a resource: why not."""

    resource: Resource
    reason: str
    place: str = ""

    @property
    def message(self) -> str:
        return f"{label(self.resource, self.place)}: {self.reason}"


Verdict = Violation | Undecided


class UndecidedError(UnknownValueError):
    """Tells the engine what could not be judged.

    The pack's server makes an advisory of each: "can't run policy '...'", then the reason; it blocks nothing. That of
    pulumi-policy turns this base class, and no other, into one advisory, whose reasons are a line each.
    """

    def __init__(self, undecided: Iterable[Undecided]) -> None:
        super().__init__(UNKNOWN_OBJECT_VALUE, [])
        self.undecided = tuple(undecided)
        self.message = "\n".join(each.message for each in self.undecided)


def label(resource: Resource, place: str = "") -> str:
    """`Distribution 'edge-distribution', defaultCacheBehavior`."""
    kind = resource.kind.rpartition(":")[2]
    return f"{kind} '{resource.name}'" + (f", {place}" if place else "")


def deliver(verdicts: Iterable[Verdict], exempt: Iterable[str], report: ReportViolation) -> None:
    """Reports every violation, then what could not be judged, so that neither hides the other.

    Raises:
        UndecidedError: something could not be judged.
    """
    left_alone = set(exempt)
    undecided = []
    for verdict in verdicts:
        if verdict.resource.name in left_alone:
            continue
        if isinstance(verdict, Violation):
            report(verdict.message, verdict.resource.urn)
        else:
            undecided.append(verdict)
    if undecided:
        raise UndecidedError(undecided)
