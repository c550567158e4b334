"""What the engine says while it works, reduced to what a person or a script needs to know."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from cli.changes import Change, changes_of, inputs_of

if TYPE_CHECKING:  # else whoever shows a report would import the SDK
    from pulumi.automation import EngineEvent

_COLOUR = re.compile(r"<\{%.*?%\}>")
_UNCHANGED = {"same", "read", "refresh"}
_CALLED_OFF = "context canceled"  # what the engine was at when another resource failed
_STACK = "pulumi:pulumi:Stack"
_HALVES = {"create-replacement", "delete-replaced"}  # of a replacement, which has a step of its own too


@dataclass(frozen=True)
class Step:
    """One resource that changes, which of its properties do, and its inputs before and after; none where there is no
    resource.
    """

    operation: str
    urn: str
    changes: tuple[Change, ...] = ()
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resource(self) -> str:
        """Type and name: `aws:route53/record:Record latency-sydney`."""
        kind, name = self.urn.split("::")[2:4]
        return f"{kind.split('$')[-1]} {name}"


@dataclass(frozen=True)
class Violation:
    """A policy that a resource (or the stack) breaks."""

    policy: str
    level: str
    message: str
    urn: str | None


@dataclass
class Report:
    """Gathers the events of one operation."""

    progress: Callable[[int], None] = lambda _: None
    done: int = 0
    steps: list[Step] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    """Those that name a setting of the project; the engine's and the providers' are about their own ways."""
    violations: list[Violation] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    seconds: int = 0
    outputs_before: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """The stack's own, as the last operation left them and as this one does; their secrets are not in them."""
    _announced: set[str] = field(default_factory=set)

    def following(self, progress: Callable[[int], None]) -> Self:
        """The same report, which tells `progress` the number of resources done, each time one is."""
        self.progress = progress
        return self

    def __call__(self, event: "EngineEvent") -> None:
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self._error(event.diagnostic_event.urn, event.diagnostic_event.message)
        if event.diagnostic_event and event.diagnostic_event.severity == "warning":
            text = plain(event.diagnostic_event.message)
            self.warnings += [text] if text.startswith("antipodes:") else []
        if event.policy_event:
            self._policy(event.policy_event)
        if event.resource_pre_event:
            self._step(event.resource_pre_event.metadata, planned=True)
        if event.res_outputs_event:
            self._step(event.res_outputs_event.metadata, planned=False)
            self._outputs(event.res_outputs_event.metadata)
        if event.summary_event:
            self.changes = Counter(
                {str(getattr(op, "value", op)): n for op, n in event.summary_event.resource_changes.items()}
            )
            self.seconds = event.summary_event.duration_seconds

    @property
    def changed(self) -> int:
        """How many resources are (or would be) created, updated, replaced or deleted."""
        return sum(n for operation, n in self.changes.items() if operation not in _UNCHANGED)

    @property
    def mandatory(self) -> list[Violation]:
        return [violation for violation in self.violations if violation.level == "mandatory"]

    def _step(self, metadata: Any, *, planned: bool) -> None:
        operation = str(getattr(metadata.op, "value", metadata.op))
        if operation in _UNCHANGED | _HALVES:
            return
        # A refresh knows only afterwards what it found; everything else is announced first.
        if metadata.urn not in self._announced:
            self._announced.add(metadata.urn)
            old, new = inputs_of(metadata)
            self.steps.append(Step(operation, metadata.urn, tuple(changes_of(metadata)), old, new))
        if not planned:
            self.done += 1
            self.progress(self.done)

    def _outputs(self, metadata: Any) -> None:
        if metadata.type == _STACK:
            self.outputs_before, self.outputs = (
                (state.outputs if state else None) or {} for state in (metadata.old, metadata.new)
            )

    def _policy(self, event: Any) -> None:
        violation = Violation(
            event.policy_name, event.enforcement_level, plain(event.message), event.resource_urn or None
        )
        if violation not in self.violations:
            self.violations.append(violation)

    def _error(self, urn: str | None, message: str) -> None:
        # The SDK reports an inline program's error twice, the second time with this prefix.
        text = _without_traceback(plain(message)).removeprefix("an unhandled error occurred: ")
        if text.endswith(_CALLED_OFF):
            return
        if urn:
            text = f"{Step('', urn).resource}: {text}"
        if text not in self.errors and text.strip():
            self.errors.append(text)


def _without_traceback(text: str) -> str:
    """A defect of the program shows its exception; where in the code it was is for `pulumi up` to say."""
    return text.splitlines()[-1] if "Traceback (most recent call last)" in text else text


def plain(message: str) -> str:
    """The text without the engine's colour marks."""
    return _COLOUR.sub("", message).strip()
