"""`antipodes shift`."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli import deploying, local, operation, show, stack_dial, stack_file
from cli.app import Json, Stack, one_command
from cli.clients import HASTE
from cli.engine_session import EngineSession, open_engine
from cli.errors import UsageError
from cli.events import Report
from cli.operation import Yes
from cli.output import Console
from cli.project import HERE
from ops import rotation
from ops.deployment import Deployment
from ops.journal import Record
from ops.plan import Plan

app = one_command()

WHAT = "shift"


@app.command(epilog="Examples:  antipodes shift sydney --to 25  ·  antipodes shift sydney --to 100 -s prod --yes")
def shift(
    key: Annotated[str, typer.Argument(help="The region's key.")],
    to: Annotated[
        int, typer.Option("--to", min=0, max=stack_dial.WHOLE, help="The percentage of its viewers that it takes.")
    ],
    stack: Stack = local.STACK,
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Has a region take a part of its viewers: writes its dial into the stack's config, and deploys that."""
    console = Console(as_json=json)
    file = HERE.stack_file(stack)
    if not file.exists():
        raise UsageError(f"no stack {stack!r}: there is no {file.name} in this project.")
    before = stack_file.read(file)
    after = stack_dial.with_dial(file.name, before, key, to)
    with _written(file, before, after, console):
        session = open_engine(HERE, stack, console)
        deployed = operation.deployment(session, HASTE)
        if to == 0:
            _require_another(deployed, key)
        report = deploying.preview(session, console)
        if not json:
            console.result(None, lambda out: show.plan(out, report, session.engine.judged(report)))
        plan = _plan(file.name, key, stack_dial.dial_of(file.name, before, key), to, report)
        operation.carry_out(
            console,
            deployed,
            plan,
            lambda record: _deploy(session, console, report, record, f"{key} takes {to} % of its viewers."),
            region=key,
            yes=yes,
        )


def _require_another(deployed: Deployment, key: str) -> None:
    """Refuses to turn the last region down that serves, by what the regions say where they have health endpoints.

    Raises:
        OperationError: no other region takes viewers.
    """
    if "health" in deployed.outputs and key in deployed.regions:
        rotation.require_another(deployed, key, rotation.look(deployed), "is not turned down")


def _plan(file: str, key: str, now: int | None, to: int, report: Report) -> Plan:
    operation = f"{WHAT} {key} to {to} %"
    facts = [f"{file} has {_told(key, now)}."]
    if key in report.outputs.get("drained", ()):
        facts.append(f"{file} has drained: true for {key}: it takes no viewers, whatever its dial.")
    if now == to and not report.changed:
        return Plan(operation, tuple(facts), ())
    deploy = f"Deploy it: {show.changes(report.changes)}."
    write = f"Write dial: {to} for {key} there." if to != stack_dial.WHOLE else f"Take the dial of {key} out there."
    return Plan(operation, tuple(facts), (deploy,) if now == to else (write, deploy))


def _told(key: str, dial: int | None) -> str:
    if dial is None:
        return f"a dial for {key} that is no number"
    return f"no dial for {key}" if dial == stack_dial.WHOLE else f"dial: {dial} for {key}"


def _deploy(session: EngineSession, console: Console, plan: Report, record: Record, outcome: str) -> None:
    deploying.deploy(session, console, plan)
    record.step(outcome)


@contextlib.contextmanager
def _written(file: Path, before: str, after: str, console: Console) -> Iterator[None]:
    """The file with `after` in it; whatever goes wrong, it is as it was, and people are told."""
    _replace(file, after)
    try:
        yield
    except BaseException:
        _replace(file, before)
        if before != after:
            console.note(f"{file.name} is as it was.")
        raise


def _replace(file: Path, text: str) -> None:
    """Whole or not at all: it is all that somebody may have of the stack's config."""
    partial = file.with_name(f".{file.name}.partial")
    partial.write_bytes(text.encode())
    shutil.copymode(file, partial)
    partial.replace(file)
