"""A stack previewed as a pull request can: with the real engine, without AWS, a login or the key of its secrets."""

import dataclasses
import shutil
import tempfile
from pathlib import Path

from cli import engine_settings, local, stack_file
from cli.engine import Engine, PolicyError
from cli.errors import CommandError
from cli.policies import placeholders
from cli.policies.findings import Checked
from cli.project import Project
from sandbox.offline import OfflineProvider


def check(project: Project, stack: str, cli: Path) -> Checked:
    """What the policy pack says of the stack's config; nothing is written into the project, and no state is read."""
    file = project.stack_file(stack).name
    with tempfile.TemporaryDirectory(prefix="antipodes-check-") as folder, OfflineProvider() as provider:
        try:
            engine = _engine(project, stack, cli, Path(folder), provider.port)
            report = engine.preview()
        except PolicyError as error:
            report = error.report
        except CommandError as error:
            return Checked(stack, error=str(error), file=file)
    return dataclasses.replace(engine.judged(report), warnings=tuple(report.warnings))


def _engine(project: Project, stack: str, cli: Path, folder: Path, provider: int) -> Engine:
    shutil.copy(project.root / "Pulumi.yaml", folder)
    stack_file.copy(project.stack_file(stack), folder, local=stack == local.STACK)
    copied = folder / project.stack_file(stack).name
    opened = placeholders.opened(copied.read_text(encoding="utf-8"))
    copied.write_text(opened.text, encoding="utf-8")
    engine = Engine(project, engine_settings.attached(project, provider, cli, folder, stack=stack))
    if opened.secrets:
        engine.hide(dict.fromkeys(opened.secrets, placeholders.PLACEHOLDER))
    return engine
