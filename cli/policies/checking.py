"""`antipodes check`: which stacks it is about, their verdicts, and the files that these are written to."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli import local, pulumi_cli
from cli.errors import CommandError, UsageError
from cli.output import Console
from cli.policies import markdown, pull_request, sarif, state
from cli.policies.findings import Checked
from cli.project import Project


@dataclass(frozen=True)
class Asked:
    """The command's options."""

    stacks: tuple[str, ...] = ()
    state: Path | None = None
    sarif: Path | None = None
    markdown: Path | None = None
    every: bool = False


def check(project: Project, asked: Asked, console: Console) -> list[Checked]:
    """The verdicts, one a stack, written to the files that were asked for.

    Raises:
        UsageError: the options make no sense together, or name what is not there.
        CommandError: there is no Pulumi CLI to be had, no exported state in the file, or no way to write a file.
    """
    stacks = _stacks(project, asked)
    for file in filter(None, (asked.sarif, asked.markdown)):
        if not file.parent.is_dir() or file.is_dir():
            raise UsageError(f"{file} cannot be written: there is no folder {file.parent}, or {file} is one.")
    verdicts = list(_verdicts(project, asked, stacks, console))
    for verdict in verdicts:
        for warning in verdict.warnings:
            console.note(f"warning: {verdict.stack}: {warning}")
    if asked.sarif:
        _write(asked.sarif, json.dumps(sarif.log(verdicts), indent=2) + "\n")
    if asked.markdown:
        _write(asked.markdown, markdown.comment(verdicts))
    return verdicts


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from None


def _stacks(project: Project, asked: Asked) -> list[str]:
    given = [
        option
        for option, there in (("--stack", asked.stacks), ("--all", asked.every), ("--state", asked.state))
        if there
    ]
    if len(given) > 1:
        raise UsageError(
            f"{' and '.join(given)} exclude each other: check some stacks, all that have a file, or an exported state."
        )
    if asked.state and not asked.state.is_file():
        raise UsageError(f"no file {asked.state}. Write one with: antipodes export > {asked.state}")
    there = project.stacks()
    stacks = there if asked.every else list(dict.fromkeys(asked.stacks or (local.STACK,)))
    if not asked.state and (unknown := [stack for stack in stacks if stack not in there]):
        missing = ", ".join(project.stack_file(stack).name for stack in unknown)
        raise UsageError(f"no {missing} in this project; it has the stacks {', '.join(there) or '(none)'}.")
    if not stacks:
        raise UsageError("this project has no stacks: there is no Pulumi.<stack>.yaml.")
    return stacks


def _verdicts(project: Project, asked: Asked, stacks: list[str], console: Console) -> Iterator[Checked]:
    cli = pulumi_cli.ensure(project, console)
    if asked.state:
        with console.working(f"Checking {asked.state}"):
            yield state.check(project, asked.state, cli)
        return
    local.keep_off_proxies()
    for number, stack in enumerate(stacks, 1):
        begun = time.monotonic()
        with console.working(f"Previewing {stack} ({number} of {len(stacks)})"):
            verdict = pull_request.check(project, stack, cli)
        if verdict.error is None:
            console.done(f"Previewed {stack} in {time.monotonic() - begun:.0f} s, without AWS")
        yield verdict
