"""`antipodes down`: everything goes but what AWS keeps for some hours yet, which is told."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any

import typer

from cli import controls, destruction, local, show, stack_file
from cli.app import Json, Stack, one_command
from cli.engine_session import EngineSession, open_engine
from cli.errors import CommandError, UsageError
from cli.losses import refuse_down
from cli.operation import Yes, agree
from cli.output import Console
from cli.project import HERE
from cli.stack_state import StateError
from ops import edge_functions, sweep
from ops.errors import OperationError
from ops.plan import Plan
from sandbox.folder import Daemon
from sandbox.inventory import list_resources

app = one_command()

KeepSandbox = Annotated[
    bool, typer.Option("--keep-sandbox", help="Leave the embedded AWS up, with what the stack left. Local only.")
]


@app.command(epilog="Examples:  antipodes down  ·  antipodes down -s prod")
def down(
    stack: Stack = local.STACK, *, keep_sandbox: KeepSandbox = False, yes: Yes = False, json: Json = False
) -> None:
    """Destroys the stack; for `local` ends the embedded AWS too, unasked, and says if anything was left in it.

    No record of it is kept: the journal of operations lies in a table of the stack's own, which goes with it.
    """
    console = Console(as_json=json)
    if keep_sandbox and stack != local.STACK:
        raise UsageError(f"--keep-sandbox: the stack {stack} has none. It is for the stack {local.STACK}.")
    if stack == local.STACK and not local.is_running(HERE):
        local.stop(HERE)
        console.result({"changes": {}, "left": [], "retained": []}, lambda out: out.print("Nothing is up."))
        return
    try:
        session = open_engine(HERE, stack, console)
    except StateError:
        if keep_sandbox:
            raise
        local.stop(HERE)  # whose state alone lies in a file here: what it holds goes with it
        console.done("The embedded AWS has ended; nothing could be read of what was deployed there")
        console.result({"changes": {}, "left": [], "retained": []}, lambda _: None)
        return
    state = session.state.export()
    refuse_down(state)
    if session.daemon is None:
        _destroy(session, console, destruction.plan(stack, state), yes=yes)
    else:
        _destroy_local(session, session.daemon, console, keep_sandbox=keep_sandbox)


def _destroy(session: EngineSession, console: Console, plan: Plan, *, yes: bool) -> None:
    """Destroys a stack on AWS, once somebody has agreed to its plan."""
    outputs = session.state.outputs()
    changes = _destroyed(session, console) if agree(console, plan, yes=yes) else {}
    retained = _retained(session, outputs, console)
    console.result(
        {**plan.document, "changes": changes, "left": [], "retained": list(retained)},
        lambda out: show.left(out, [], retained, gone=False),
    )


def _destroy_local(session: EngineSession, daemon: Daemon, console: Console, *, keep_sandbox: bool) -> None:
    """Destroys the stack in the embedded AWS, which holds nobody's rows: unasked."""
    if not keep_sandbox:
        # It ends anyway, and nobody wants to be kept from that by a region that is down.
        controls.ask(daemon, "DELETE", "/faults")
    try:
        outputs = session.state.outputs()
        changes = _destroyed(session, console)
        retained = _retained(session, outputs, console)
        left = unexplained(list_resources(daemon.ports.aws_endpoint), retained)
    finally:
        if not keep_sandbox:
            # Also after a failed destroy: all that is left lives in the embedded AWS and goes with it.
            local.stop(HERE)
            console.done("The embedded AWS has ended")
    console.result(
        {"changes": changes, "left": left, "retained": list(retained)},
        lambda out: show.left(out, left, retained, gone=not keep_sandbox),
    )
    if left:
        raise typer.Exit(1)


def _destroyed(session: EngineSession, console: Console) -> dict[str, int]:
    """What the engine did, counted."""
    with console.working("Destroying"):
        report = session.engine.destroy()
    console.done(f"Destroyed: {show.changes(report.changes)}")
    return dict(report.changes)


def unexplained(inventory: Iterable[str], retained: Collection[str]) -> list[str]:
    """The lines of the inventory that are about none of these functions, and not about their logs in any region."""
    names = {name for function in retained for name in (function, edge_functions.log_group(function))}
    return [line for line in inventory if line.partition(": ")[2] not in names]


def _retained(session: EngineSession, outputs: Mapping[str, Any], console: Console) -> tuple[str, ...]:
    """The functions of the edge that outlive the stack. Whoever may not ask for them may still destroy it."""
    try:
        domain = outputs.get("domain") or stack_file.domain(session.engine.settings.stack_file)
        return sweep.retained(session.client, str(domain))
    except (CommandError, OperationError) as error:
        console.note(f"warning: {error} A function of the edge may be left; antipodes sweep finds it.")
        return ()
