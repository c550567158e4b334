"""A deployment in its two halves, for every command that makes one: the preview, which may refuse it, and the doing."""

from collections.abc import Collection, Mapping
from typing import Any

from cli import local, operation, show
from cli.clients import HASTE
from cli.engine_session import EngineSession
from cli.events import Report
from cli.losses import refuse_losses
from cli.output import Console
from cli.project import HERE
from ops import settling


def preview(session: EngineSession, console: Console, deletable: Collection[str] = ()) -> Report:
    """What a deployment would do, once the policy pack and the rules on what may be lost have nothing against it.

    Args:
        session: the stack.
        console: where people are told.
        deletable: the tables that may be deleted with their rows.

    Raises:
        CommandError: it is refused; nothing was changed.
    """
    with console.working("Previewing, with the policy pack"):
        plan = session.engine.preview()
    warn(console, plan)
    console.done(f"Preview: {show.changes(plan.changes)}; policies: {show.policies(session.engine.judged(plan))}")
    refuse_losses(plan, deletable)
    return plan


def deploy(session: EngineSession, console: Console, plan: Report) -> tuple[Report, dict[str, Any]]:
    """Does what the plan says; what was done, and the stack's outputs.

    Raises:
        CommandError: it failed.
    """
    report = Report()
    if plan.changed:
        with console.counting("Deploying", "resources", total=plan.changed) as progress:
            session.engine.up(report.following(progress))
        console.done(f"Deployed: {show.changes(report.changes)} in {report.seconds} s")
    outputs = session.deployed()
    if session.daemon is not None:
        local.write_connections(HERE, session.daemon, outputs)
    return report, outputs


def settle(session: EngineSession, console: Console, outputs: Mapping[str, Any]) -> None:
    """Waits until DNS sends viewers to every region that was deployed, and tells which it does not."""
    with console.working("Waiting until Route 53 has every region in rotation"):
        settled = settling.settle(operation.deployment(session, HASTE, outputs))
    if settled.serving:
        console.done(f"In rotation: {', '.join(settled.serving)}")
    for key, told in settled.missing.items():
        console.note(f"warning: {key} is not in rotation: {told}. antipodes verify says what is wrong.")


def warn(console: Console, plan: Report) -> None:
    """Tells what the program warned of."""
    for warning in plan.warnings:
        console.note(f"warning: {warning}")
