"""python -m tools.rules_table: writes the table of all rules into policy/README.md, from the rules themselves."""

from collections.abc import Iterable
from pathlib import Path

from cli.policies.json_schema import described
from cli.policies.rules import Rule, rules

README = Path(__file__).resolve().parent.parent / "policy" / "README.md"
BEGIN, END = "<!-- rules: begin (python -m tools.rules_table) -->", "<!-- rules: end -->"
_EVERY_RULE = "exempt"


def table(known: Iterable[Rule]) -> str:
    """A line a rule: level, severity, what it asks, and what it can be told besides `exempt`."""
    lines = ["| rule | level | severity | what it asks | settings |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, known)])


def with_table(text: str, made: str) -> str:
    """The README's `text` with the table between its marks.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name} has no place for the table: a line {BEGIN}, and after it a line {END}.")
    return f"{before}{begin}\n{made}\n{end}{after}"


def _line(rule: Rule) -> str:
    name = f"[`{rule.name}`]({rule.url})"
    return f"| {name} | {rule.level} | {rule.severity} | {_cell(rule.description)} | {_settings(rule)} |"


def _settings(rule: Rule) -> str:
    told = [
        f"`{key}` ({described(schema)}): {_cell(str(schema.get('description', '')))}".removesuffix(": ")
        for key, schema in rule.settings.items()
        if key != _EVERY_RULE
    ]
    return "<br>".join(told)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8"), table(rules().values())), encoding="utf-8")
