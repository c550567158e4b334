import json
from pathlib import Path
from typing import Any

import pytest

from cli.errors import CommandError
from cli.policies import state
from cli.policies.findings import Location
from cli.project import HERE, Project
from tests.cli.policies.verdicts import DISTRIBUTION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"deployment": null}',
        '{"deployment": {"resources": [{"a": 1}]}}',
        '{"deployment": {"resources": [{"urn": "urn:pulumi:dev"}]}}',
    ],
)
def test_a_file_that_is_no_exported_state_is_refused_with_what_one_is(tmp_path: Path, text: str):
    file = tmp_path / "state.json"
    file.write_text(text)

    with pytest.raises(CommandError, match="antipodes export"):
        state.check(HERE, file, tmp_path)


def test_a_file_that_is_not_there_is_refused_with_the_way_to_make_one(tmp_path: Path):
    with pytest.raises(CommandError, match="Write one with: antipodes export"):
        state.check(HERE, tmp_path / "state.json", tmp_path)


class Engine:
    """In the place of the Pulumi CLI: prints what it is told, and notes with what it was called."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "bin").mkdir()

    def says(self, *events: dict[str, Any], code: int = 0, error: str = "") -> None:
        (self.root / "out").write_text("".join(json.dumps(each) + "\n" for each in events))
        command = self.root / "bin" / "pulumi"
        command.write_text(
            f"#!/bin/sh\necho \"$@\" > {self.root}/called\ncat {self.root}/out\necho '{error}' >&2\nexit {code}\n"
        )
        command.chmod(0o755)

    @property
    def called(self) -> str:
        return (self.root / "called").read_text()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path)


def export(tmp_path: Path, position: str) -> Path:
    file = tmp_path / "state.json"
    resources = [{"urn": DISTRIBUTION, "sourcePosition": f"project:///{position}"}]
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    return file


FOUND = {
    "sequence": 1,
    "timestamp": 1,
    "policyEvent": {
        "resourceUrn": DISTRIBUTION,
        "message": "It caches.",
        "color": "raw",
        "policyName": "edge-caching-disabled",
        "policyPackName": "antipodes",
        "policyPackVersion": "",
        "policyPackVersionTag": "",
        "enforcementLevel": "mandatory",
    },
}


@pytest.mark.parametrize(
    ("position", "location"),
    [
        ("components/global_edge.py#79,4", Location("components/global_edge.py", 79)),
        ("../../__main__.py#7", Location("__main__.py", 7)),
        ("../../../elsewhere/program.py#7", None),
        ("components", None),
    ],
)
def test_the_verdict_on_a_state_is_of_its_stack_and_says_where_the_project_registered_what(
    engine: Engine, tmp_path: Path, position: str, location: Location | None
):
    engine.says(FOUND, code=255)

    checked = state.check(HERE, export(tmp_path, position), engine.root)

    assert (checked.stack, checked.ok, checked.error) == ("prod", False, None)
    assert checked.findings[0].location == location


def test_what_keeps_the_engine_from_judging_is_told(engine: Engine, tmp_path: Path):
    engine.says(code=255, error="error: loading policy packs: no")

    assert state.check(HERE, export(tmp_path, "a#1"), engine.root).error == "loading policy packs: no"


def test_a_state_is_judged_with_the_settings_of_its_stack(engine: Engine, tmp_path: Path):
    (tmp_path / "Pulumi.prod.yaml").write_text("config:\n  antipodes:policies:\n    edge-all-viewer: advisory\n")
    engine.says()
    file = export(tmp_path, "a#1")

    state.check(Project(tmp_path), file, engine.root)
    assert "--policy-pack-config" in engine.called

    file.write_text(file.read_text().replace("prod::antipodes", "prod::another"))
    state.check(Project(tmp_path), file, engine.root)
    assert "--policy-pack-config" not in engine.called
