"""Where and with what the engine works, and for the embedded AWS the settings that lead there."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cli import local, pulumi_cli, stack_file
from cli.errors import UsageError
from cli.output import Console
from cli.project import Project
from sandbox.folder import Daemon


@dataclass(frozen=True)
class Settings:
    """Where and with what a stack's engine works.

    Attributes:
        backend: the folder of a backend of this project's own.
        advice: what else to tell where the engine fails for a reason that has no known remedy.
    """

    stack: str
    work_dir: Path
    cli: Path
    environment: Mapping[str, str]
    backend: Path | None = None
    advice: Callable[[], str] = lambda: ""

    @property
    def stack_file(self) -> Path:
        return self.work_dir / f"Pulumi.{self.stack}.yaml"


def on_aws(project: Project, stack: str, console: Console) -> Settings:
    """Those of a stack on AWS.

    Raises:
        UsageError: there is no such stack.
        CommandError: no CLI to be had.
    """
    if not project.stack_file(stack).exists():
        raise UsageError(f"no stack {stack!r}: there is no {project.stack_file(stack).name} in this project.")
    return Settings(stack, project.root, pulumi_cli.ensure(project, console), {})


def of_local(project: Project, daemon: Daemon, cli: Path) -> Settings:
    """The engine's settings for the stack `local`.

    It works on copies of the project's two YAML files: the engine writes into a stack's file, and the git tree
    stays clean all the same.
    """
    work_dir = project.sandbox / "project"
    work_dir.mkdir(exist_ok=True)
    stack_file.copy(project.stack_file(local.STACK), work_dir)
    shutil.copy(project.root / "Pulumi.yaml", work_dir)
    local.backend(project).mkdir(exist_ok=True)
    settings = of_sandbox(project, daemon, cli, work_dir, local.backend(project))
    return replace(settings, advice=lambda: local.advice(daemon))


def of_sandbox(project: Project, daemon: Daemon, cli: Path, work_dir: Path, state: Path | None = None) -> Settings:
    """An engine that deploys what lies in `work_dir` to the embedded AWS; `state` (by default the same folder) keeps
    what it knows.
    """
    return attached(project, daemon.ports.provider, cli, work_dir, state=state)


def attached(
    project: Project, provider: int, cli: Path, work_dir: Path, *, stack: str = local.STACK, state: Path | None = None
) -> Settings:
    """An engine on this machine that goes to AWS by the provider at the port `provider`, and needs no plugin."""
    backend = state or work_dir
    return Settings(
        stack=stack,
        work_dir=work_dir,
        cli=cli,
        environment={
            **analyzer_environment(project),
            "PULUMI_HOME": str(work_dir / ".pulumi-home"),
            # Without the side files of metadata, which a killed engine can leave half written, and then not read again.
            "PULUMI_BACKEND_URL": f"{backend.as_uri()}?metadata=skip",
            # `cli.stack_state` reads what is kept there.
            "PULUMI_DIY_BACKEND_GZIP": "false",
            "PULUMI_DIY_BACKEND_ZSTD": "false",
            # What the passphrase would protect lies beside the state, on this machine.
            "PULUMI_CONFIG_PASSPHRASE": "local",
            "PULUMI_DEBUG_PROVIDERS": f"aws:{provider}",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # A tenth of the CLI's work would go into keeping its memory, which never is much, a little smaller.
            "GOGC": os.environ.get("GOGC", "400"),
        },
        backend=backend,
    )


def analyzer_environment(project: Project) -> dict[str, str]:
    """What the engine needs to run the policy pack with this environment's Python."""
    path = os.pathsep.join((str(project.shims), os.environ.get("PATH", "")))
    return {**os.environ, "PATH": path, "ANTIPODES_PYTHON": sys.executable}
