"""What a stack's backend keeps, read without the SDK, whose import takes longer than most of what reads it."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cli.engine_failures import last_words, remedy
from cli.engine_settings import Settings
from cli.errors import CommandError
from cli.project import NAME

_VERSION = 3  # of the form of an exported state, which a stack's file has too
_STACK = "pulumi:pulumi:Stack"
# By this key, and this value of it, the engine marks a mapping that is none of the program's; this one holds a secret.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_NO_STACK = re.compile("no stack named .* found")


class StateError(CommandError):
    """What lies where a state should be is none."""


class StackState(Protocol):
    """The last state of a stack."""

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, without the text of secret ones; empty where nothing is deployed."""

    def export(self) -> Any:
        """All of it as the backend keeps it, secrets encrypted."""


@dataclass(frozen=True)
class StateFile:
    """Of a backend in the folder `backend` of this project's own: the engine replaces the file whole, so that it can be
    read while a command is at work.
    """

    backend: Path
    stack: str

    @property
    def path(self) -> Path:
        return self.backend / ".pulumi" / "stacks" / NAME / f"{self.stack}.json"

    def read(self) -> dict[str, Any] | None:
        """The deployment, None where there is no such stack.

        Raises:
            StateError: the file is none that the engine wrote.
        """
        try:
            return json.loads(self.path.read_bytes())["checkpoint"].get("latest") or {}
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise StateError(
                f"{self.path} holds no state of the stack {self.stack}: {error!r}. "
                "Begin anew with: antipodes down, then antipodes up"
            ) from None

    def outputs(self) -> dict[str, Any]:
        resources = (self.read() or {}).get("resources") or []
        stacks = [resource for resource in resources if resource["type"] == _STACK]
        outputs = stacks[0].get("outputs", {}) if stacks else {}
        return {name: _hidden(value) for name, value in outputs.items()}

    def export(self) -> Any:
        return {"version": _VERSION, "deployment": self.read() or {}}


@dataclass(frozen=True)
class AskedState:
    """Of a backend that the CLI knows the way to."""

    settings: Settings

    def outputs(self) -> dict[str, Any]:
        """As `StackState` has them.

        Raises:
            CommandError: the CLI does not tell, such as without a login.
        """
        result = self._ask("output", "--json")
        if result.returncode and _NO_STACK.search(result.stderr):
            return {}
        return dict(self._answer(result))

    def export(self) -> Any:
        """As `StackState` has it.

        Raises:
            CommandError: the CLI does not tell, such as where there is no such stack.
        """
        result = self._ask("export")
        if result.returncode and _NO_STACK.search(result.stderr):
            name = self.settings.stack
            raise CommandError(
                f"the backend has no stack {name}: nothing is deployed. Deploy it with: antipodes up -s {name}"
            )
        return self._answer(result)

    def _ask(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [
                self.settings.cli / "bin" / "pulumi", "--non-interactive", "stack", *command,
                "--stack", self.settings.stack,
            ],
            cwd=self.settings.work_dir,
            env={**os.environ, **self.settings.environment, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            check=False,
            capture_output=True,
            text=True,
        )  # fmt: skip

    def _answer(self, result: "subprocess.CompletedProcess[str]") -> Any:
        if result.returncode:
            raise CommandError(remedy(self.settings, result.stderr) or last_words(result.stderr))
        return json.loads(result.stdout)


def _hidden(value: Any) -> Any:
    """The value as people and scripts may see it, with `[secret]` for what is one."""
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) == _SECRET:
            return "[secret]"
        return {name: _hidden(each) for name, each in value.items()}
    return [_hidden(each) for each in value] if isinstance(value, list) else value
