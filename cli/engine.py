"""The Pulumi engine on one stack, driven by the Automation API with the project's program run inside this process.

Inline, the SDK itself is the language host, so the engine needs no language plugin of its own.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation import ConfigValue, Deployment, LocalWorkspace, OutputMap, PulumiCommand, Stack
from semver import VersionInfo

from cli import program, stack_file
from cli.errors import CommandError
from cli.events import Report, Violation
from cli.policies import settings as policy_settings
from cli.policies.findings import Checked, judged
from cli.policies.registrations import Registrations
from cli.project import Project
from cli.pulumi_cli import MINIMUM

PROJECT_NAME = "antipodes"


class EngineError(CommandError):
    """The engine refused or failed; `report` holds what it said."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


class PolicyError(EngineError):
    """The policy pack stopped the deployment before any resource was made."""


@dataclass(frozen=True)
class Settings:
    """Where and with what a stack's engine works."""

    stack: str
    work_dir: Path
    cli: Path
    environment: Mapping[str, str]

    @property
    def stack_file(self) -> Path:
        return self.work_dir / f"Pulumi.{self.stack}.yaml"


class Engine:
    """One stack; each method is one operation of the CLI.

    Attributes:
        settings: where and with what it works.
        registrations: where the program, in its last run, registered each resource.
    """

    def __init__(self, project: Project, settings: Settings) -> None:
        self._project = project
        self.settings = settings
        self.registrations = Registrations(project.root)
        with _explained(self.settings, Report()):
            workspace = _Workspace(
                work_dir=str(settings.work_dir),
                program=self._run_program,
                env_vars=dict(settings.environment),
                pulumi_command=_FoundCommand(settings.cli),
            )
            self._stack = Stack.create_or_select(settings.stack, workspace)

    async def _run_program(self) -> None:
        self.registrations.watch()
        await program.run(self._project.program)

    def preview(self, *, judged: bool = True) -> Report:
        """What `up` would do, judged by the policy pack unless that is left out.

        Raises:
            PolicyError: a mandatory policy is violated.
            EngineError: anything else that would stop `up`.
        """
        report = Report()
        with policy_settings.written(self.settings.stack_file) as configs, _explained(self.settings, report):
            self._stack.preview(
                policy_packs=self._policy_packs if judged else None,
                policy_pack_configs=configs if judged else None,
                on_event=report,
            )
        return report

    def judged(self, report: Report) -> Checked:
        """What the policy pack said in the operation of the report."""
        file = self.settings.stack_file.name
        return judged(self.settings.stack, report.violations, self.registrations.of, file)

    def up(self, report: Report) -> Report:
        """Deploys. The policy pack judges again what only a deployment can know, such as ARNs."""
        with policy_settings.written(self.settings.stack_file) as configs, _explained(self.settings, report):
            self._stack.up(
                policy_packs=self._policy_packs,
                policy_pack_configs=configs,
                on_event=report,
                show_secrets=False,
            )
        return report

    def hide(self, secrets: Mapping[str, str]) -> None:
        """Writes secret settings into the stack's file, path -> value, encrypted."""
        values = {path: ConfigValue(value, secret=True) for path, value in secrets.items()}
        with _explained(self.settings, Report()):
            self._stack.set_all_config(values, path=True)

    def refresh(self) -> Report:
        """Takes what AWS holds into the state; the report's changes are the drift."""
        report = Report()
        with _explained(self.settings, report):
            self._stack.refresh(on_event=report, show_secrets=False)
        return report

    def destroy(self) -> Report:
        report = Report()
        with _explained(self.settings, report):
            self._stack.destroy(on_event=report, show_secrets=False)
        return report

    def cancel(self) -> None:
        """Removes the stack's lock."""
        with _explained(self.settings, Report()):
            self._stack.cancel()

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, without the text of secret ones."""
        return dict(self._ask("stack", "output", "--json"))

    def export(self) -> Deployment:
        """The state, secrets in plain text."""
        with _explained(self.settings, Report()):
            return self._stack.export_stack()

    def export_encrypted(self) -> Any:
        """The state as the backend keeps it, secrets encrypted."""
        return self._ask("stack", "export")

    def import_(self, deployment: Deployment) -> None:
        with _explained(self.settings, Report()):
            self._stack.import_stack(deployment)

    @property
    def _policy_packs(self) -> list[str]:
        return [str(self._project.policy_pack)]

    def _ask(self, *command: str) -> Any:
        """The JSON that a command of the CLI prints of this stack."""
        with _explained(self.settings, Report()):
            output = self._stack.workspace.pulumi_command.run(
                [*command, "--stack", self.settings.stack],
                str(self.settings.work_dir),
                dict(self.settings.environment),
            )
        return json.loads(output.stdout)


class _FoundCommand(PulumiCommand):
    """The CLI that `cli.pulumi_cli` has found recent enough, which the SDK would start only to ask that again."""

    def __init__(self, root: Path) -> None:
        self.command = str(root / "bin" / "pulumi")
        self.version = VersionInfo(*MINIMUM)


class _Workspace(LocalWorkspace):
    """One whose outputs the SDK does not read after each deployment, starting the CLI twice; who needs them asks."""

    def stack_outputs(self, stack_name: str) -> OutputMap:  # noqa: ARG002 - the SDK's signature
        return {}


@contextlib.contextmanager
def _explained(settings: Settings, report: Report) -> Iterator[None]:
    try:
        yield
    except automation.CommandError as error:
        if report.mandatory:
            raise PolicyError("\n\n".join(map(_policy_text, report.mandatory)), report) from None
        raise EngineError(_reason(settings, str(error), report), report) from None


def _reason(settings: Settings, output: str, report: Report) -> str:
    """What people are told where the engine's own words leave them without a remedy, else those words."""
    if "currently locked by" in output:
        return "another command is at work on this stack. Wait for it, or stop it; then run this one again."
    if "PULUMI_ACCESS_TOKEN must be set" in output:
        return "you are not logged in to a Pulumi backend. Run `pulumi login`, then this again."
    if re.search("validating stack config: .*(bad value|authentication failed)", output):
        return _undecipherable(settings)
    if "incorrect passphrase" in output:
        return (
            "the passphrase (PULUMI_CONFIG_PASSPHRASE) is not the one of which the line encryptionsalt of "
            f"{settings.stack_file.name} tells. Give the right one, or put that line back as it was."
        )
    return "\n".join(report.errors) or _last_words(output)


def _undecipherable(settings: Settings) -> str:
    file = settings.stack_file
    lines = stack_file.lines_of_secrets(file.read_text(encoding="utf-8"))
    return (
        f"{file.name}: a value below `secure:` (of line {', '.join(map(str, lines))}) is none that `pulumi config set "
        f"--secret` wrote for this stack. Take its lines out, and set it anew: pulumi config set --stack "
        f"{settings.stack} --secret --path KEY VALUE"
    )


def _policy_text(violation: Violation) -> str:
    where = f" on {violation.urn.split('::')[-1]}" if violation.urn else ""
    return f"policy {violation.policy}{where}: {violation.message}"


def _last_words(text: str) -> str:
    """The engine's last error, with the line that explains it where it ends in a colon."""
    lines = [line.strip() for line in text.partition("stderr:")[2].splitlines() if line.strip()]
    for number in reversed(range(len(lines))):
        if lines[number].startswith("error:"):
            told = lines[number : number + 2] if lines[number].endswith(":") else [lines[number]]
            return " ".join(told).removeprefix("error: ")
    return lines[-1] if lines else "the engine ended without a word"
