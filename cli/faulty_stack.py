"""The stack of the embedded AWS as `antipodes fault` sees it: what faults may name, and how they are planted."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console as RichConsole

from cli import controls, fault_places, local
from cli.errors import CommandError, UsageError
from cli.output import Console, table
from cli.project import HERE
from cli.session import Session, open_session


class FaultyStack:
    """The stack that faults are planted beneath.

    Raises:
        CommandError: the sandbox is not running.
        UsageError: the stack is not of the embedded AWS.
    """

    def __init__(self, stack: str, *, as_json: bool) -> None:
        if stack != local.STACK:
            raise UsageError(
                f"faults are planted in the embedded AWS, beneath the stack {local.STACK!r}; {stack!r} is on AWS. "
                "Leave out --stack."
            )
        local.keep_off_proxies()
        self.console = Console(as_json=as_json)
        self.daemon = local.require_running(HERE)
        self._opened: tuple[Session, dict[str, Any]] | None = None

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, read once."""
        return self._open()[1]

    def region(self, key: str) -> str:
        """AWS's name of the region with this key.

        Raises:
            UsageError: there is no such region.
        """
        return fault_places.region(self.outputs, key)

    def function(self, key: str, name: str) -> dict[str, Any]:
        """A function and where it is, as a fault's document has them.

        Raises:
            UsageError: there is no such function.
        """
        found = fault_places.function(self.outputs, key, name)
        if key == fault_places.EDGE:
            return {"function": found, "region": None}
        region = self.region(key)
        if found == name:
            self._require_function(name, region)
        return {"function": found, "region": region}

    def plant(self, document: dict[str, Any]) -> None:
        """Plants the fault that the document describes, beside those that there are.

        Raises:
            CommandError: the sandbox refuses it.
        """
        self.tell("PUT", "/faults", document)

    def tell(self, method: str, path: str, document: dict[str, Any] | None = None) -> None:
        """Asks the control of the faults, and prints the faults that there are then."""
        told = controls.ask(self.daemon, method, path, document)
        self.console.result(told, lambda out: _show(out, told["faults"]))

    def _open(self) -> tuple[Session, dict[str, Any]]:
        if self._opened is None:
            session = open_session(HERE, local.STACK, self.console)
            self._opened = session, session.deployed()
        return self._opened

    def _require_function(self, name: str, region: str) -> None:
        try:
            self._open()[0].client("lambda", region).get_function_configuration(FunctionName=name)
        except ClientError as error:
            raise UsageError(
                f"no function {name!r} in {region}: {error.response['Error']['Code']}. "
                f"Name it as AWS does, or one of {fault_places.roles()}."
            ) from None
        except BotoCoreError as error:
            raise CommandError(
                f"whether {region} has a function {name!r} cannot be asked: {error}. "
                "Clear the fault that keeps it from answering first."
            ) from None


def _show(out: RichConsole, faults: list[dict[str, Any]]) -> None:
    if not faults:
        out.print("No faults are planted.")
        return
    shown = table("fault", "where", "how bad")
    degrees = ("hanging", "rate", "seconds")
    for document in faults:
        where = [f"{name} {value}" for name, value in _details(document) if name not in degrees]
        how = [name if value is True else f"{name} {value:g}" for name, value in _details(document) if name in degrees]
        shown.add_row(document["kind"], ", ".join(where) or "everywhere", ", ".join(how))
    out.print(shown)


def _details(document: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (name.replace("_", " "), value)
        for name, value in document.items()
        if name != "kind" and value is not None and value is not False
    ]
