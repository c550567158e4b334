"""The verdict as a comment on a pull request, in GitHub's Markdown."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from cli.policies import wording
from cli.policies.findings import Checked, Finding, Undecided

MARKER = "<!-- antipodes check -->"
"""The comment's first line, by which the next run finds it again."""

_ROWS = 40  # of a table: GitHub takes 65,536 characters a comment
_ESCAPED = {ord(character): f"&#{ord(character)};" for character in "&\\`*_{}[]<>|#~@"}


def comment(stacks: Sequence[Checked]) -> str:
    """A heading with the verdict, and for each stack what was found and what could not be judged."""
    lines = [MARKER, f"## {_heading(stacks)}", ""]
    for checked in stacks:
        lines += _stack(checked)
    return "\n".join(lines).rstrip() + "\n"


def _heading(stacks: Sequence[Checked]) -> str:
    broken = len({each.rule for checked in stacks for each in checked.findings if each.mandatory})
    failed = [checked.stack for checked in stacks if checked.error is not None]
    told = []
    if broken:
        told.append(f"{wording.count(broken, 'mandatory rule')} broken")
    if failed:
        told.append(f"{', '.join(failed)} could not be previewed")
    return f"❌ Policies: {'; '.join(told)}" if told else "✅ Policies: no mandatory rule is broken"


def _stack(checked: Checked) -> Iterator[str]:
    yield f"### {'✅' if checked.ok else '❌'} `{checked.stack}`: {wording.verdict(checked)}"
    yield ""
    if checked.error is not None:
        yield from _fenced(checked.error)
    mandatory = [each for each in checked.findings if each.mandatory]
    others = [each for each in checked.findings if not each.mandatory]
    if mandatory:
        yield from _table(mandatory)
    if others:
        yield from _folded(f"{wording.levels(dataclasses.replace(checked, findings=tuple(others)))}", _table(others))
    if checked.undecided:
        yield from _folded(wording.undecided(checked), _list(checked.undecided))


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    yield "| rule | resource | what was found | fix |"
    yield "|---|---|---|---|"
    for each in findings[:_ROWS]:
        resource = cell(each.where) + (f"<br>{cell(str(each.location))}" if each.location else "")
        rule = f"[{each.rule}]({each.url})" if each.url else each.rule
        yield f"| {rule}<br>{each.severity} | {resource} | {cell(each.found)} | {cell(each.fix)} |"
    yield ""
    yield from _rest(len(findings))


def _list(undecided: Sequence[Undecided]) -> Iterator[str]:
    for each in undecided[:_ROWS]:
        where = f"{cell(each.where)}: " if each.where else ""
        yield f"- {each.rule}: {where}{cell(each.reason)}"
    yield ""
    yield from _rest(len(undecided))


def _rest(count: int) -> Iterator[str]:
    if count > _ROWS:
        yield f"And {count - _ROWS} more: `antipodes check --undecided` lists all."
        yield ""


def _folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<details><summary>{cell(summary)}</summary>"
    yield ""
    yield from lines
    yield "</details>"
    yield ""


def _fenced(text: str) -> Iterator[str]:
    yield "````text"
    yield from text.replace("````", "'```").splitlines()
    yield "````"
    yield ""


def cell(text: str) -> str:
    """The text as it stands, on one line, in a table's cell: nothing in it is Markdown, HTML or a mention."""
    return " ".join(text.translate(_ESCAPED).split())
