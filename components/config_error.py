"""How a config that cannot be deployed is explained."""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class _Missing:
    def __repr__(self) -> str:
        return "(not set)"


MISSING = _Missing()


@dataclass(frozen=True)
class Problem:
    """One thing wrong: which key, what it holds, the rule it breaks, what would be valid, and the YAML to write."""

    key: str
    value: Any
    rule: str
    valid: str
    yaml: str

    def __str__(self) -> str:
        value = repr(MISSING) if self.value is MISSING else json.dumps(self.value, default=str)
        return "\n".join(
            [
                f"{self.key}: {value}",
                f"  {self.rule}",
                f"  Valid: {self.valid}",
                "  Write:",
                textwrap.indent(self.yaml, "      "),
            ]
        )


class ConfigError(Exception):
    """A stack's config cannot be deployed; `problems` holds all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n\n".join([f"This stack's config has {count}.", *map(str, problems)]))
