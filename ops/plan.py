"""What an operation is about to do, in words, before it does any of it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Plan:
    """A plan, made from what was found by a pure function.

    Attributes:
        operation: the command and what it is about, `drain sydney`.
        found: what is so now and matters to it, a sentence each.
        steps: what will be done, a sentence each, in order; none where all is as it should be.
    """

    operation: str
    found: tuple[str, ...]
    steps: tuple[str, ...]

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.steps)

    @property
    def document(self) -> dict[str, Any]:
        """The plan for scripts."""
        return {"operation": self.operation, "found": list(self.found), "steps": list(self.steps)}
