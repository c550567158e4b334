"""The `antipodes` command."""

import signal
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cli import deploying, local, show
from cli.app import Json, Stack, app
from cli.commands import (  # noqa: F401 - each adds itself
    down,
    drain,
    evacuate,
    fault,
    logs,
    restore,
    shift,
    status,
    sweep,
    verify,
)
from cli.errors import CommandError, Interrupted, UsageError
from cli.output import Console
from cli.outputs import host, public
from cli.policies import checking, text
from cli.policies.document import document
from cli.project import HERE
from cli.session import open_session
from ops.errors import OperationError
from sandbox import viewer

Stacks = Annotated[
    list[str] | None, typer.Option("--stack", "-s", help="A stack to check; may be repeated. By default `local`.")
]
City = Annotated[
    list[str] | None,
    typer.Option(
        "--city",
        help="A city to have an edge location in, instead of the usual six; may be repeated. Local only.",
    ),
]
DeleteTable = Annotated[
    list[str] | None,
    typer.Option(
        "--delete-table",
        help="A table, no longer declared in api/tables.yaml, to delete with all its rows; may be repeated.",
    ),
]


@app.command(epilog="Examples:  antipodes up  ·  antipodes up --city Nairobi --city Lima  ·  antipodes up -s prod")
def up(stack: Stack = local.STACK, city: City = None, delete_table: DeleteTable = None, *, json: Json = False) -> None:
    """Deploys the stack: previews it with the policy pack, stops there if a rule is broken, then makes it so."""
    console = Console(as_json=json)
    cities = city or []
    local.require_known(cities)
    session = open_session(HERE, stack, console, cities=cities)
    plan = deploying.preview(session, console, delete_table or [])
    report, outputs = deploying.deploy(session, console, plan)
    if plan.changed:
        deploying.settle(session, console)
    if session.daemon is None:
        console.result(public(outputs), lambda out: out.print(outputs["url"]))
        return
    daemon = session.daemon
    places = show.places(daemon, outputs, show.named(daemon, outputs))
    console.result(
        {"changes": dict(report.changes), **public(outputs), "edges": places},
        lambda out: show.local_stack(out, daemon, outputs, places),
    )


@app.command(epilog="Examples:  antipodes preview  ·  antipodes preview -s prod --json")
def preview(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Shows what `up` would change, property by property, and what the policy pack says of it."""
    console = Console(as_json=json)
    session = open_session(HERE, stack, console)
    with console.working("Previewing, with the policy pack"):
        report = session.engine.preview()
    deploying.warn(console, report)
    verdict = session.engine.judged(report)
    console.result(show.judged_report(report, verdict), lambda out: show.plan(out, report, verdict))


@app.command(epilog="Example:  antipodes refresh")
def refresh(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Reads what AWS holds into the stack's state, and shows what had drifted from it."""
    console = Console(as_json=json)
    session = open_session(HERE, stack, console)
    with console.working("Refreshing"):
        report = session.engine.refresh()
    console.result(show.report(report), lambda out: show.drift(out, report))


@app.command(epilog='Example:  curl -H "Authorization: $(antipodes token)" ...')
def token(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Prints the API token, from Secrets Manager."""
    console = Console(as_json=json)
    session = open_session(HERE, stack, console, writes=False)
    value = session.token(session.deployed())
    console.result({"token": value}, lambda out: out.print(value, markup=False))


@app.command(epilog="Example:  antipodes request --from London 'query { listEvents { items { name } } }'")
def request(
    query: Annotated[str, typer.Argument(help="A GraphQL document.")],
    place: Annotated[str, typer.Option("--from", help="The city that the request comes from.")],
    *,
    json: Json = False,
) -> None:
    """Sends a GraphQL request through a city's edge location, and prints the answer and who gave it."""
    console = Console(as_json=json)
    local.require_known([place])
    daemon = local.require_running(HERE)
    if place not in daemon.cities:
        raise CommandError(
            f"the sandbox has no edge location in {place}; it has {', '.join(daemon.cities)}. "
            f"For another: make down, then antipodes up --city '{place}'."
        )
    session = open_session(HERE, local.STACK, console, writes=False)
    outputs = session.deployed()
    ca = HERE.sandbox / daemon.ca
    answer = viewer.ask(daemon.ports, ca, place, host(outputs), query, session.token(outputs))
    console.result(show.answer(answer, outputs), lambda out: show.answered(out, answer, outputs))
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        raise typer.Exit(1)


@app.command(epilog="Example:  antipodes export > state.json")
def export(stack: Stack = local.STACK) -> None:
    """Prints the stack's exported state as JSON, secrets encrypted."""
    console = Console(as_json=True)
    console.result(open_session(HERE, stack, console, writes=False).engine.export_encrypted(), lambda _: None)


@app.command(epilog="Examples:  antipodes check --all --markdown summary.md  ·  antipodes check --state state.json")
def check(
    stack: Stacks = None,
    state: Annotated[
        Path | None, typer.Option("--state", help="An exported state to check, as `antipodes export` prints it.")
    ] = None,
    sarif: Annotated[Path | None, typer.Option("--sarif", help="Write a SARIF file too, for code scanning.")] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write a Markdown file too, to comment a pull request with.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Check every stack that has a Pulumi.<stack>.yaml.")] = False,
    undecided: Annotated[bool, typer.Option("--undecided", help="List what could not be judged, and why.")] = False,
    json: Json = False,
) -> None:
    """Previews stacks with the policy pack as a pull request can: no AWS, no login. Exit 1 if one breaks a rule."""
    console = Console(as_json=json)
    verdicts = checking.check(HERE, checking.Asked(tuple(stack or ()), state, sarif, markdown, every=every), console)
    console.result(document(verdicts), lambda out: text.show(out, verdicts, undecided=undecided))
    if not all(verdict.ok for verdict in verdicts):
        raise typer.Exit(1)


def main() -> None:
    """Runs the command: exit 0 done, 1 failed, 2 wrong usage; an error is one line and its remedy."""
    guarded(app)


def guarded(run: Callable[[], Any]) -> None:
    """Runs; whatever goes wrong ends the process with a text for people and an exit code, without a traceback."""
    console = Console(as_json="--json" in sys.argv)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        run()
    except UsageError as error:
        _fail(console, str(error), 2)
    except (CommandError, OperationError, viewer.ViewerError) as error:
        _fail(console, str(error), 1)
    except Interrupted:
        _fail(console, "interrupted. Run the same command again: it goes on from where this one stopped.", 1)
    except Exception as error:  # noqa: BLE001 - a defect, or a failure that nobody thought of
        with tempfile.NamedTemporaryFile("w", prefix="antipodes-", suffix=".log", delete=False) as log:
            traceback.print_exc(file=log)
        _fail(console, f"{type(error).__name__}: {error}. This should have been told better; details: {log.name}", 1)


def _interrupt(*_: Any) -> NoReturn:
    # The SDK's threads lose the engine in the middle of a sentence, and would each say so at length.
    threading.excepthook = lambda _: None
    warnings.simplefilter("ignore")
    raise Interrupted


def _fail(console: Console, text: str, code: int) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C twice is told once, without a traceback
    console.error(text)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # from here on it ends what may still be waited for
    raise SystemExit(code)


if __name__ == "__main__":
    main()
