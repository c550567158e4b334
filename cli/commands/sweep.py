"""`antipodes sweep`: what the edge leaves behind goes once AWS lets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cli import local, stack_file
from cli.app import Json, Stack, one_command
from cli.engine_session import open_engine
from cli.operation import Yes, agree, deployment
from cli.output import Console
from cli.project import HERE
from cli.session import Session
from ops import journal
from ops import sweep as sweeping

app = one_command()

_FUNCTION = "aws:lambda/function:Function"


@app.command(epilog="Examples:  antipodes sweep  ·  antipodes sweep -s prod --yes --json")
def sweep(stack: Stack = local.STACK, *, yes: Yes = False, json: Json = False) -> None:
    """Deletes old versions of the edge router, and after `down` its function and logs, as soon as AWS lets it."""
    console = Console(as_json=json)
    session = open_engine(HERE, stack, console)
    outputs = session.state.outputs()
    domain = str(outputs["domain"]) if outputs else stack_file.domain(session.engine.settings.stack_file)
    with console.working("Looking for functions of the edge"):
        found = sweeping.look(session.client, domain, functions(session.state.export()))
    done: list[str] = []
    left: tuple[str, ...] = ()
    if agree(console, found.plan, yes=yes):
        with _recorded(session, console, outputs) as tell, console.working(found.plan.operation):

            def step(text: str) -> None:
                done.append(text)
                tell(text)

            left = sweeping.carry_out(session.client, found, step)
    for sentence in left:
        console.note(sentence)
    console.result({**found.plan.document, "done": done, "left": list(left)}, lambda _: None)


def functions(state: Any) -> set[str]:
    """The physical names of the Lambda functions in an exported state."""
    resources = state["deployment"].get("resources") or []
    return {resource["id"] for resource in resources if resource["type"] == _FUNCTION and "id" in resource}


@contextmanager
def _recorded(session: Session, console: Console, outputs: dict[str, Any]) -> Iterator[sweeping.Tell]:
    """What tells, and where there still is a journal records, each step that is done inside."""
    if not outputs:
        console.note("There will be no record: the journal, in the stack's canary table, went with the stack.")
        yield console.done
        return
    with journal.recorded(deployment(session), "sweep", tell=console.done) as record:
        yield record.step
