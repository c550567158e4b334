"""What the policy pack costs in a preview, for a stack in all regions that it can have.

The same preview of this project without the pack (the baseline) and with it, one after the other, through the real
engine and the offline provider.
"""

import shutil
import tempfile
import time
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from cli import engine_settings, local
from cli.engine import Engine
from cli.policies.rules import rules
from cli.project import HERE
from cli.pulumi_cli import find
from components.aws_regions import usable
from sandbox.offline import OfflineProvider


def run(console: Console) -> None:
    """Prints both times, their ratio, and the pack's cost a resource."""
    cli = find(HERE)
    if cli is None:
        raise SystemExit("no Pulumi CLI yet: run `make up` once, which builds it")
    regions = sorted(usable())
    with tempfile.TemporaryDirectory() as folder, OfflineProvider() as provider:
        _write_config(Path(folder), regions)
        engine = Engine(HERE, engine_settings.attached(HERE, provider.port, cli, Path(folder)))
        resources, without = _preview(engine, judged=False)
        _, with_pack = _preview(engine, judged=True)
    result = Table("regions", "resources", "rules", "with the pack s", "without s", "ratio", "ms a resource", box=None)
    result.add_row(
        str(len(regions)),
        str(resources),
        str(len(rules())),
        f"{with_pack:.1f}",
        f"{without:.1f}",
        f"{with_pack / without:.2f}",
        f"{(with_pack - without) / resources * 1000:.1f}",
    )
    console.print(result)


def _preview(engine: Engine, *, judged: bool) -> tuple[int, float]:
    """The number of resources, and seconds."""
    begun = time.perf_counter()
    report = engine.preview(judged=judged)
    return report.changed, time.perf_counter() - begun


def _write_config(folder: Path, regions: list[str]) -> None:
    config = yaml.safe_load(HERE.stack_file(local.STACK).read_text(encoding="utf-8"))
    config["config"] |= {"antipodes:home": regions[0], "antipodes:regions": {region: region for region in regions}}
    (folder / f"Pulumi.{local.STACK}.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.copy(HERE.root / "Pulumi.yaml", folder)
