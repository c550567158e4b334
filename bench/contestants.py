"""The handlers that are measured side by side, each unpacked into a folder of its own."""

import shutil
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import deployment
from components.packages import Package

_HERE = Path(__file__).parent
_DRIVERS = _HERE / "drivers"
_EMPTY = 'def handler(event, _context):\n    return event["Records"][0]["cf"]["request"]\n'

OURS = "ours, compiled"
UNCOMPILED = "ours, source only"
EMPTY = "empty Python"
PUBLISHED = "published, Node.js"


@dataclass(frozen=True)
class Contestant:
    """A handler: the commands that run it, and its package's size in bytes."""

    name: str
    folder: Path
    python: bool
    zipped: int

    def requests(self, event: Path, report: Path, count: int, gap: float, resolver: str) -> list[str]:
        """The command that sends `count` requests through the handler, `gap` seconds apart, and writes `report`."""
        told = [*map(str, (self.folder, event, report, count, gap))]
        if self.python:
            return [*_python(), str(_DRIVERS / "requests.py"), *told]
        return [_node(), str(_DRIVERS / "requests.js"), *told, resolver]

    def instance(self, resolver: str) -> list[str]:
        """The command that serves the handler from Lambda's Runtime API."""
        if self.python:
            return [*_python(), "-m", "awslambdaric", "handler.handler"]
        return [_node(), str(_DRIVERS / "runtime.js"), resolver]

    def environment(self, resolver: str) -> Mapping[str, str]:
        libraries = sysconfig.get_path("purelib")
        return {
            "AWS_REGION": "eu-west-1",
            "LAMBDA_TASK_ROOT": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's file system is read-only
            "PYTHONPATH": f"{self.folder}:{libraries}",
            "ANTIPODES_RESOLVER": resolver,
        }


def contestants(folder: Path) -> list[Contestant]:
    """Ours compiled for the runtime and as source, an empty handler, and the published one.

    Raises:
        SystemExit: there is no Node.js for the last one.
    """
    if shutil.which("node") is None:
        raise SystemExit("no Node.js on PATH, which the published handler needs: install it")
    stack = deployment.stack(deployment.PUBLISHED)
    packages = {
        OURS: deployment.router(stack, compiled=True),
        UNCOMPILED: deployment.router(stack, compiled=False),
        EMPTY: Package({"handler.py": _EMPTY}),
        PUBLISHED: Package({"index.js": _HERE / "published_router" / "index.js"}),
    }
    return [
        Contestant(
            name,
            deployment.lay_out(package, folder / name),
            python="index.js" not in package.files,
            zipped=package.zipped_size(),
        )
        for name, package in packages.items()
    ]


def _python() -> list[str]:
    """Without the environment's .pth files, which Lambda does not have and which would hide what a handler costs."""
    return [sys.executable, "-S", "-P"]


def _node() -> str:
    return shutil.which("node") or "node"
