"""How the time of a preview grows with the number of regions.

Baseline: a bare program that registers as many plain resources (log groups) through the same engine and provider,
so that what is left is what this program itself costs.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import yaml
from pulumi import automation
from pulumi.automation import LocalWorkspaceOptions, PulumiCommand
from rich.console import Console
from rich.table import Table

from cli import engine_settings, local
from cli.engine import Engine
from cli.project import HERE
from cli.pulumi_cli import find
from components.aws_regions import usable
from sandbox import folder
from sandbox.folder import Daemon

T = TypeVar("T")

REGION_COUNTS = (2, 8, 22)
_PORT = 18500


def run(console: Console) -> None:
    """Prints, for each number of regions, the resources, both times and their ratio."""
    cli = find(HERE)
    if cli is None:
        raise SystemExit("no Pulumi CLI yet: run `make up` once, which builds it")
    result = Table("regions", "resources", "preview s", "bare program s", "ratio", "ms a resource", box=None)
    with tempfile.TemporaryDirectory() as home:
        daemon = folder.start(Path(home) / "sandbox", _PORT, ["London"])
        try:
            for count in REGION_COUNTS:
                resources, ours = _ours(Path(home) / f"ours-{count}", daemon, cli, count)
                bare = _bare(Path(home) / f"bare-{count}", daemon, cli, resources)
                each = ours / resources * 1000
                result.add_row(
                    str(count), str(resources), f"{ours:.1f}", f"{bare:.1f}", f"{ours / bare:.2f}", f"{each:.1f}"
                )
        finally:
            folder.stop(Path(home) / "sandbox")
    console.print(result)


def _ours(work_dir: Path, daemon: Daemon, cli: Path, count: int) -> tuple[int, float]:
    """Previews this project with its policy pack; the number of resources, and seconds."""
    work_dir.mkdir()
    regions = sorted(usable())[:count]
    config = yaml.safe_load(HERE.stack_file(local.STACK).read_text(encoding="utf-8"))
    config["config"] |= {"antipodes:home": regions[0], "antipodes:regions": {region: region for region in regions}}
    (work_dir / f"Pulumi.{local.STACK}.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.copy(HERE.root / "Pulumi.yaml", work_dir)
    engine = Engine(HERE, engine_settings.of_sandbox(HERE, daemon, cli, work_dir))
    report, seconds = _timed(engine.preview)
    return report.changed, seconds


def _bare(work_dir: Path, daemon: Daemon, cli: Path, resources: int) -> float:
    """Previews a program of `resources` log groups; seconds."""
    work_dir.mkdir()

    def program() -> None:
        import pulumi_aws as aws  # noqa: PLC0415 - the engine runs this as a program of its own

        for number in range(resources - 1):  # the stack itself is the last one
            aws.cloudwatch.LogGroup(f"group-{number}", retention_in_days=30, region="eu-west-1")

    settings = engine_settings.of_sandbox(HERE, daemon, cli, work_dir)
    stack = automation.create_or_select_stack(
        "bare",
        project_name="bare",
        program=program,
        opts=LocalWorkspaceOptions(
            work_dir=str(work_dir),
            env_vars=dict(settings.environment),
            pulumi_command=PulumiCommand(root=str(cli)),
        ),
    )
    stack.set_config("aws:region", automation.ConfigValue("us-east-1"))
    _, seconds = _timed(stack.preview)
    return seconds


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    value = call()
    return value, time.perf_counter() - begun
