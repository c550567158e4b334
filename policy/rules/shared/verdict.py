"""What a rule finds, and how the engine is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from pulumi_policy import ReportViolation
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UnknownValueError


@dataclass(frozen=True)
class Violation:
    """The rule is broken: which resource, what was found, and the fix. `urn` matters to stack rules alone."""

    message: str
    urn: str | None = None


@dataclass(frozen=True)
class Undecided:
    """The rule cannot be judged: on which resource, and which fact is missing."""

    reason: str


Verdict = Violation | Undecided


class UndecidedError(UnknownValueError):
    """Tells the engine what could not be judged.

    pulumi-policy turns its base class, and no other, into an advisory that blocks nothing and names the rule:
    "can't run policy '...'", then these reasons.
    """

    def __init__(self, reasons: Iterable[str]) -> None:
        super().__init__(UNKNOWN_OBJECT_VALUE, [])
        self.message = " ".join(reasons)


def deliver(verdicts: Iterable[Verdict], report: ReportViolation) -> None:
    """Reports every violation, then what could not be judged, so that neither hides the other.

    Raises:
        UndecidedError: something could not be judged.
    """
    undecided = []
    for verdict in verdicts:
        if isinstance(verdict, Violation):
            report(verdict.message, verdict.urn)
        else:
            undecided.append(verdict.reason)
    if undecided:
        raise UndecidedError(undecided)
