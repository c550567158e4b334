"""python -m tests.policy.recording NAME...: previews these programs, and keeps what the engine showed of them."""

import json
import os
import runpy
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from google.protobuf import json_format
from pulumi import automation
from pulumi.automation import LocalWorkspaceOptions, PulumiCommand
from pulumi.runtime.proto import analyzer_pb2 as messages

from cli import engine_settings, local, pulumi_cli
from cli.output import Console
from cli.project import HERE
from sandbox.offline import OfflineProvider
from tests.policy import recorded

_STACK = "dev"


def record(names: list[str]) -> None:
    """One stack does for all: a preview leaves nothing behind."""
    local.keep_off_proxies()
    cli = pulumi_cli.ensure(HERE, Console(as_json=False))
    with OfflineProvider() as provider, tempfile.TemporaryDirectory() as folder:
        work_dir, written = Path(folder), Path(folder) / "recording"
        settings = engine_settings.attached(HERE, provider.port, cli, work_dir, stack=_STACK)
        stack = automation.create_stack(
            _STACK,
            project_name="antipodes",
            program=lambda: None,
            opts=LocalWorkspaceOptions(
                work_dir=str(work_dir),
                env_vars={**settings.environment, "RECORDING": str(written)},
                pulumi_command=PulumiCommand(root=str(cli)),
            ),
        )
        for name in names:
            source = recorded.SOURCES[name]
            settings.stack_file.write_text(yaml.safe_dump({"config": source.config}), encoding="utf-8")
            written.unlink(missing_ok=True)
            stack.preview(program=_running(source.program), policy_packs=[str(recorded.HERE / "recorder")])
            _keep(name, written.read_bytes())


def _running(program: Path) -> Callable[[], None]:
    def run() -> None:
        runpy.run_path(str(program), run_name="__main__")

    return run


def _keep(name: str, written: bytes) -> None:
    """Keeps what the recorder wrote of a preview, in place of an older recording."""
    inputs: dict[str, Any] = {}
    resources: list[dict[str, Any]] = []
    for kind, message in _messages(written):
        if kind == b"R":
            request = json_format.MessageToDict(messages.AnalyzeRequest.FromString(message))
            inputs[request["urn"]] = request.get("properties", {})
        else:
            stack = messages.AnalyzeStackRequest.FromString(message)
            resources = [json_format.MessageToDict(each) for each in stack.resources]
    assert resources, f"the preview of {name} did not reach its end"
    for resource in resources:
        resource["inputs"] = inputs[resource["urn"]]
    for old in recorded.STORE.glob(f"{name}-{'[0-9a-f]' * recorded.DIGITS}.json"):
        old.unlink()
    file = recorded.file_of(name)
    partial = file.with_suffix(".partial")
    # The engine tells of resources in the order in which they happened to be registered.
    partial.write_text(json.dumps(sorted(resources, key=lambda each: str(each["urn"]))), encoding="utf-8")
    partial.replace(file)


def _messages(written: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place < len(written):
        kind = written[place : place + 1]
        (size,) = struct.unpack(">I", written[place + 1 : place + 5])
        yield kind, written[place + 5 : place + 5 + size]
        place += 5 + size


if __name__ == "__main__":
    os.environ.pop("PULUMI_CONFIG", None)
    record(sys.argv[1:])
