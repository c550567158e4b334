"""The Pulumi CLI: the one on PATH where it is recent enough, else one built from tools/go.mod, once."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from cli.errors import CommandError
from cli.output import Console
from cli.project import Project

MINIMUM = (3, 259, 0)  # the release that the locked SDK belongs to
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_WANTED = ".".join(map(str, MINIMUM))
# Beside a CLI that was built here, its version: to start it only to ask takes longer than some commands do.
_RECORD = "pulumi.version"


def parse_version(text: str) -> tuple[int, int, int] | None:
    """`v3.259.0` or `3.259.0-dev.1` as numbers; None for what is no version."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?", text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def ensure(project: Project, console: Console) -> Path:
    """The root folder of a CLI that is recent enough, built first if need be."""
    found = find(project)
    if found is None:
        with console.counting("Building the Pulumi CLI, once (about 4 minutes on 2 cores)", "packages") as progress:
            found = build(project, progress)
        console.done(f"Pulumi CLI {_WANTED} built into .tools/")
    return found


def find(project: Project) -> Path | None:
    """The root folder (it holds bin/pulumi) of a CLI that is recent enough, or None."""
    built = project.tools / "bin" / "pulumi"
    on_path = shutil.which("pulumi")
    for candidate in ([Path(on_path)] if on_path else []) + [built]:
        version = _version_of(candidate)
        if version is not None and version >= MINIMUM:
            # The Automation API takes a root whose bin/ holds the command.
            return candidate.parent.parent if candidate.parent.name == "bin" else _linked(project, candidate)
    return None


def build(project: Project, progress: Callable[[int], None]) -> Path:
    """Builds the CLI into .tools and returns its root; `progress` is told how many packages are compiled.

    Raises:
        CommandError: there is no Go, or the build failed.
    """
    go = shutil.which("go")
    if go is None:
        raise CommandError(
            f"no Pulumi CLI {_WANTED} or later on PATH, and no Go to build one. "
            "Install either (https://www.pulumi.com/docs/install/ or https://go.dev/doc/install), then run this again."
        )
    target = project.tools / "bin" / "pulumi"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name("pulumi.partial")
    command = [
        go,
        "build",
        "-v",
        "-o",
        str(partial),
        "-ldflags",
        f"-s -w -X {_VERSION_VARIABLE}=v{_WANTED}",
        _PACKAGE,
    ]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=project.go_module,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"CGO_ENABLED": "0"},
    ) as process:
        for line in process.stderr or ():
            lines.append(line.rstrip())
            progress(len(lines))
    if process.returncode != 0:
        raise CommandError("the Pulumi CLI could not be built by `go build` in tools/:\n" + "\n".join(lines[-10:]))
    partial.replace(target)
    target.with_name(_RECORD).write_text(_WANTED, encoding="utf-8")
    return project.tools


def _version_of(command: Path) -> tuple[int, int, int] | None:
    """What is recorded beside a CLI that was built here; any other is asked. None where there is none."""
    if not command.exists():
        return None
    record = command.with_name(_RECORD)
    if record.exists():
        return parse_version(record.read_text(encoding="utf-8"))
    quiet = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    result = subprocess.run([command, "version"], capture_output=True, text=True, check=False, env=quiet)
    return parse_version(result.stdout) if result.returncode == 0 else None


def _linked(project: Project, command: Path) -> Path:
    link = project.tools / "on-path" / "bin" / "pulumi"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(command)
    return link.parent.parent
