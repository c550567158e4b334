"""How a config that cannot be deployed is explained."""

import difflib
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

PREFIX = "antipodes:"
"""Of every setting that is the project's own."""


@dataclass(frozen=True)
class _Instead:
    """Stands for a value that cannot be shown."""

    text: str

    def __repr__(self) -> str:
        return self.text


MISSING = _Instead("(not set)")
SECRET = _Instead("(secret)")


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Instead, lambda dumper, value: dumper.represent_str(repr(value)))


@dataclass(frozen=True)
class Problem:
    """One thing wrong: which key, what it holds, the rule it breaks, what would be valid, and the YAML to write."""

    key: str
    value: Any
    rule: str
    valid: str
    yaml: str

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.key}: {_written(self.value)}",
                f"  {self.rule}",
                f"  Valid: {self.valid}",
                "  Write:",
                textwrap.indent(self.yaml, "      "),
            ]
        )


def _written(value: Any) -> str:
    """The value as a stack's file would have it, on one line."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return text.removesuffix("\n").removesuffix("\n...")  # which ends a document of one scalar


class ConfigError(Exception):
    """A stack's config cannot be deployed; `problems` holds all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n\n".join([f"This stack's config has {count}.", *map(str, problems)]))


def closest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` was probably meant to be, whatever its case; None where none is like it."""
    by_lower = {each.lower(): each for each in words}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None
