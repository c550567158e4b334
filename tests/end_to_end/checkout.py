"""A checkout of its own for a test: a copy of the project, with its own ports, config and sandbox."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import yaml

from cli.project import HERE
from sandbox.inventory import list_resources

_PARTS = ("__main__.py", "api", "cli", "components", "edge", "geography", "ops", "policy", "region", "sandbox")
_SECONDS = 240


@dataclass(frozen=True)
class Checkout:
    """Commands run here as a user would run them, through `python -m cli` in a process of their own."""

    root: Path
    port: int

    @classmethod
    def make(cls, root: Path, port: int) -> "Checkout":
        for name in _PARTS:
            source = HERE.root / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("*.pyc.*"))  # those being written
            else:
                root.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, root / name)
        for path in HERE.root.glob("Pulumi*.yaml"):
            shutil.copy(path, root)
        if (HERE.root / ".build").exists():  # what was built from the same content, kept to save time
            shutil.copytree(HERE.root / ".build", root / ".build")
        return cls(root, port)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments],
            cwd=self.root,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The finished command, whatever its exit code."""
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def done(self, *arguments: str) -> str:
        """The output of a command that must succeed."""
        result = self.run(*arguments)
        assert result.returncode == 0, f"{arguments}: exit {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self.done(*arguments, "--json"))

    def processes(self) -> list[str]:
        """The command lines of the processes that work in this checkout."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if process.joinpath("cwd").readlink().is_relative_to(self.root):
                    found.append(process.joinpath("cmdline").read_text().replace("\0", " "))
            except OSError:
                continue  # it has ended meanwhile
        return found

    def environment(self) -> dict[str, str]:
        return {**os.environ, "ANTIPODES_PORT": str(self.port)}

    @property
    def config(self) -> dict[str, Any]:
        return dict(yaml.safe_load(self._config_file.read_text())["config"])

    def set_config(self, **values: Any) -> None:
        """Sets `antipodes:<name>` values; None removes one."""
        config = self.config
        for name, value in values.items():
            config.pop(f"antipodes:{name}", None)
            if value is not None:
                config[f"antipodes:{name}"] = value
        self._config_file.write_text(yaml.safe_dump({"config": config}, sort_keys=False))

    @contextmanager
    def configured(self, **values: Any) -> Iterator[None]:
        """`set_config`, for as long as the block lasts."""
        text = self._config_file.read_text()
        self.set_config(**values)
        try:
            yield
        finally:
            self._config_file.write_text(text)

    @contextmanager
    def edited(self, path: str, old: str, new: str) -> Iterator[None]:
        """A file as a user might have changed it, for as long as the block lasts; the old text must be there."""
        file = self.root / path
        text = file.read_text()
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new))
        try:
            yield
        finally:
            file.write_text(text)

    @contextmanager
    def appended(self, path: str, addition: str) -> Iterator[None]:
        """A file with something more at its end, for as long as the block lasts."""
        file = self.root / path
        text = file.read_text()
        file.write_text(text + addition)
        try:
            yield
        finally:
            file.write_text(text)

    @property
    def connections(self) -> dict[str, Any]:
        return dict(json.loads((self.root / ".sandbox" / "sandbox.json").read_text()))

    @property
    def ca(self) -> Path:
        return self.root / str(self.connections["ca"])

    def resources(self) -> list[str]:
        """What the embedded AWS holds, a line a resource."""
        return list_resources(f"http://127.0.0.1:{self.port}")

    def aws(self, service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
        )

    def curl(self, url: str, query: str, token: str | None) -> tuple[int, str]:
        """The published curl: HTTP status and body."""
        body, _, status = self._curl(url, query, token, "\n%{http_code}").rpartition("\n")
        return int(status), body

    def header(self, url: str, query: str, token: str | None, name: str) -> str:
        """A header of the answer, "" where it has none."""
        return self._curl(url, query, token, f"\n%header{{{name}}}").rpartition("\n")[2]

    def _curl(self, url: str, query: str, token: str | None, write_out: str) -> str:
        command = ["curl", "--silent", "--show-error", "--cacert", str(self.ca), "-XPOST", "-w", write_out]
        if token is not None:
            command += ["-H", f"Authorization:{token}"]
        result = subprocess.run(
            [*command, "-d", json.dumps({"query": query}), url], capture_output=True, text=True, check=True, timeout=30
        )
        return result.stdout

    @property
    def _config_file(self) -> Path:
        return self.root / "Pulumi.local.yaml"
