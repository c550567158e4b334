"""What `antipodes drain` and `antipodes restore` have in common."""

from collections.abc import Callable

from cli import operation
from cli.clients import HASTE
from cli.output import Console
from ops import switching
from ops.deployment import Deployment
from ops.journal import Record
from ops.plan import Plan
from ops.switching import Found


def switch(
    what: str,
    plan: Callable[[Deployment, str, Found], Plan],
    act: Callable[[Deployment, str, Found, Record], None],
    *,
    key: str,
    stack: str,
    yes: bool,
    json: bool,
) -> None:
    """Looks, plans and acts for the region `key`, without waiting long for a region that hangs.

    Raises:
        UsageError: there is nobody to ask, and no `yes`.
        CommandError: nothing is deployed, or whoever was asked does not want it.
        OperationError: it cannot be done, or not to the end.
    """
    console = Console(as_json=json)
    to = operation.open_deployment(stack, console, HASTE)
    with console.working("Asking every region"):
        found = switching.look(to, what, key)
    operation.carry_out(
        console, to, plan(to, key, found), lambda record: act(to, key, found, record), region=key, yes=yes
    )
