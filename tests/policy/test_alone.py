"""The pack in another program: its folder and what its requirements.txt asks for are all that it needs."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grpc
from google.protobuf import empty_pb2
from packaging.requirements import Requirement
from pulumi.runtime.proto import analyzer_pb2_grpc

from policy.rules import POLICIES
from tests.policy.pack import PACK


def required() -> list[Requirement]:
    lines = (PACK / "requirements.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def needed(names: list[str]) -> Iterator[importlib.metadata.Distribution]:
    """The distributions of these names, and all that they need."""
    seen: set[str] = set()
    while names:
        name = names.pop().lower()
        if name not in seen:
            seen.add(name)
            yield (distribution := importlib.metadata.distribution(name))
            requirements = map(Requirement, distribution.requires or ())
            names += [each.name for each in requirements if not each.marker or each.marker.evaluate({"extra": ""})]


def test_the_pack_runs_with_what_its_requirements_ask_for_and_nothing_of_this_project(tmp_path: Path):
    site = tmp_path / "site"
    site.mkdir()
    for distribution in needed([each.name for each in required()]):
        for top in {file.parts[0] for file in distribution.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(distribution.locate_file(top))))
    shutil.copytree(PACK, tmp_path / "pack", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-S", "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(tmp_path / "pack")]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "PYTHON"))}
    environment["PYTHONPATH"] = str(site)

    with subprocess.Popen(command, cwd="/", env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            assert port.isdigit(), "the pack did not start"
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                info = analyzer_pb2_grpc.AnalyzerStub(channel).GetAnalyzerInfo(empty_pb2.Empty())
        finally:
            process.kill()

    assert sorted(each.name for each in info.policies) == sorted(policy.name for policy in POLICIES)


def test_another_program_gets_the_versions_that_this_project_is_tested_with():
    with (PACK.parent / "pyproject.toml").open("rb") as file:
        ours = {requirement.replace(" ", "") for requirement in tomllib.load(file)["project"]["dependencies"]}

    assert {str(each) for each in required()} <= ours
