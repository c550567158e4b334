"""The Pulumi engine on one stack, driven by the Automation API with the project's program run inside this process.

Inline, the SDK itself is the language host, so the engine needs no language plugin of its own.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pulumi import automation
from pulumi.automation import ConfigValue, Deployment, LocalWorkspace, OutputMap, PulumiCommand, PulumiFn, Stack
from semver import VersionInfo

from cli import program
from cli.engine_failures import last_words, remedy
from cli.engine_settings import Settings
from cli.errors import CommandError
from cli.events import Report, Violation
from cli.policies import settings as policy_settings
from cli.policies.findings import Checked, judged
from cli.policies.registrations import Registrations
from cli.project import Project
from cli.pulumi_cli import MINIMUM
from cli.stack_state import StateFile


class EngineError(CommandError):
    """The engine refused or failed; `report` holds what it said."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


class PolicyError(EngineError):
    """The policy pack stopped the deployment before any resource was made."""


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
            self._stack = _found_or_made(settings.stack, _Workspace(settings, self._run_program), settings.backend)

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

    def export(self) -> Deployment:
        """The state, secrets in plain text."""
        with _explained(self.settings, Report()):
            return self._stack.export_stack()

    def import_(self, deployment: Deployment) -> None:
        with _explained(self.settings, Report()):
            self._stack.import_stack(deployment)

    @property
    def _policy_packs(self) -> list[str]:
        return [str(self._project.policy_pack)]


class _FoundCommand(PulumiCommand):
    """The CLI that `cli.pulumi_cli` has found recent enough, which the SDK would start only to ask that again."""

    def __init__(self, root: Path) -> None:
        self.command = str(root / "bin" / "pulumi")
        self.version = VersionInfo(*MINIMUM)


class _Workspace(LocalWorkspace):
    """One that starts the CLI only where there is something to do."""

    def __init__(self, settings: Settings, run: PulumiFn) -> None:
        super().__init__(
            work_dir=str(settings.work_dir),
            program=run,
            env_vars=dict(settings.environment),
            pulumi_command=_FoundCommand(settings.cli),
        )
        self._backend = settings.backend

    def select_stack(self, stack_name: str) -> None:
        """Asks whether the stack is there, where no file has told. Each command names it: it need not be selected."""
        if self._backend is None:
            super().select_stack(stack_name)

    def stack_outputs(self, stack_name: str) -> OutputMap:  # noqa: ARG002 - the SDK's signature
        """None: the SDK would read them after each deployment, starting the CLI twice; who needs them asks for them."""
        return {}


def _found_or_made(name: str, workspace: _Workspace, backend: Path | None) -> Stack:
    if backend is None:
        return Stack.create_or_select(name, workspace)
    return (Stack.select if StateFile(backend, name).path.exists() else Stack.create)(name, workspace)


@contextlib.contextmanager
def _explained(settings: Settings, report: Report) -> Iterator[None]:
    try:
        yield
    except automation.CommandError as error:
        if report.mandatory:
            raise PolicyError("\n\n".join(map(_policy_text, report.mandatory)), report) from None
        raise EngineError(remedy(settings, str(error)) or _own_words(settings, str(error), report), report) from None


def _own_words(settings: Settings, output: str, report: Report) -> str:
    said = "\n".join(report.errors) or last_words(output.partition("stderr:")[2])
    return "\n".join(filter(None, (said, settings.advice())))


def _policy_text(violation: Violation) -> str:
    where = f" on {violation.urn.split('::')[-1]}" if violation.urn else ""
    return f"policy {violation.policy}{where}: {violation.message}"
