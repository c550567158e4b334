"""The verdict for people, in a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console as RichConsole
from rich.text import Text

from cli.policies import wording
from cli.policies.findings import Checked, Finding, Undecided

_STYLES = {"mandatory": "red", "advisory": "yellow"}


def show(out: RichConsole, stacks: Sequence[Checked], *, undecided: bool) -> None:
    """Each stack: its findings, the mandatory ones first, and what could not be judged, listed or counted."""
    for number, checked in enumerate(stacks):
        if number:
            out.print()
        out.print(Text.assemble("✓ " if checked.ok else "✗ ", (checked.stack, "bold"), ": ", wording.verdict(checked)))
        if checked.error is not None:
            _indented(out, checked.error)
        findings(out, checked.findings)
        if checked.undecided:
            hint = "" if undecided else " (--undecided lists them)"
            out.print(f"  {wording.undecided(checked)}{hint}", markup=False)
            listed(out, checked.undecided if undecided else ())


def findings(out: RichConsole, found: Iterable[Finding]) -> None:
    """What was found, how to mend it, and where that is written."""
    for each in found:
        style = _STYLES.get(each.level, "")
        out.print(Text.assemble("  ", (each.level, style), " ", (each.rule, "bold"), f"  {each.severity}"))
        place = f" ({each.location})" if each.location else ""
        _indented(out, f"{each.where}{place}: {each.found}", f"Fix: {each.fix}", each.url)


def listed(out: RichConsole, undecided: Iterable[Undecided]) -> None:
    for each in undecided:
        where = f"{each.where}: " if each.where else ""
        out.print(f"    {each.rule}: {where}{each.reason}", markup=False)


def _indented(out: RichConsole, *texts: str) -> None:
    for line in "\n".join(texts).splitlines():
        out.print(f"    {line}" if line else "", markup=False)
