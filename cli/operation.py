"""How a command that changes something goes: it shows its plan, asks, tells each step, and can be scripted."""

import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer
from botocore.config import Config

from cli import pace, reach
from cli.errors import CommandError, Interrupted, UsageError
from cli.output import Console
from cli.project import HERE
from cli.session import Session, open_session
from ops import journal
from ops.deployment import Deployment
from ops.journal import Record
from ops.plan import Plan

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking; needed where nobody can be asked.")]


def open_deployment(stack: str, console: Console, clients: Config | None = None) -> Deployment:
    """The deployed stack for an operation that leaves the engine's state alone; `clients` as for `deployment`.

    Raises:
        CommandError: nothing is deployed, or the sandbox is not running.
    """
    return deployment(open_session(HERE, stack, console), clients)


def deployment(session: Session, clients: Config | None = None, outputs: Mapping[str, Any] | None = None) -> Deployment:
    """What the session's engine deployed.

    Args:
        session: the stack.
        clients: settings of the AWS clients, where they are not to be as patient as usual.
        outputs: the stack's, where the engine has told them already: it takes its time.

    Raises:
        CommandError: nothing is deployed.
    """
    outputs = session.deployed() if outputs is None else outputs
    to = session.client if clients is None else session.clients(clients)
    return Deployment(outputs, to, reach.to(HERE, session.daemon, outputs), pace.of(session.daemon))


def carry_out(
    console: Console, to: Deployment, plan: Plan, act: Callable[[Record], None], *, region: str = "", yes: bool
) -> None:
    """Shows the plan, asks, does it on record, and prints what was done.

    Args:
        console: where people are told and asked.
        to: the stack.
        plan: what is shown; nothing is done where it is not needed.
        act: does it; what it tells the record's `step`, people read at once.
        region: the key that it is about.
        yes: whether to do it without asking.

    Raises:
        UsageError: there is nobody to ask, and no `yes`.
        CommandError: whoever was asked does not want it.
        OperationError: it could not be done, or not to the end.
    """
    done: tuple[str, ...] = ()
    if agree(console, plan, yes=yes):
        what = plan.operation.split()[0]
        with console.working(plan.operation), journal.recorded(to, what, region, tell=console.done) as record:
            act(record)
        done = record.entry.steps
    console.result({**plan.document, "done": list(done)}, lambda _: None)


def agree(console: Console, plan: Plan, *, yes: bool) -> bool:
    """Shows the plan, and asks unless `yes`. False where there is nothing to do, which it says.

    Raises:
        UsageError: there is nobody to ask, and no `yes`.
        CommandError: whoever was asked does not want it.
    """
    show(console, plan)
    if not plan.is_needed:
        return False
    if yes:
        return True
    if console.as_json or not sys.stdin.isatty():
        asked = "with --json nobody is asked" if console.as_json else "there is no terminal to ask at"
        raise UsageError(f"{plan.operation}: {asked}, and --yes was not given. Nothing was done. Add --yes to do it.")
    try:
        agreed = typer.confirm("Do it?", err=True)
    except (typer.Abort, Interrupted):
        agreed = False
    if not agreed:
        raise CommandError(f"{plan.operation}: not confirmed. Nothing was done.")
    return True


def show(console: Console, plan: Plan) -> None:
    """What was found and what will be done, for people; a script gets the plan with the result."""
    for fact in plan.found:
        console.note(fact)
    if not plan.is_needed:
        console.done(f"{plan.operation}: nothing to do")
        return
    console.note(f"To {plan.operation}:")
    for number, step in enumerate(plan.steps, 1):
        console.note(f"  {number}. {step}")
