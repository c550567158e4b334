from pathlib import Path

import pytest

from cli.errors import CommandError, UsageError
from cli.output import Console
from cli.policies.checking import Asked, check
from cli.policies.findings import Checked
from cli.project import HERE, Project

CONSOLE = Console(as_json=True)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Asked(stacks=("prod",), every=True), "--stack and --all exclude each other"),
        (Asked(stacks=("prod",), state=Path("state.json")), "--stack and --state exclude"),
        (Asked(every=True, state=Path("state.json")), "--all and --state exclude"),
        (Asked(state=Path("no-such-file.json")), "no file no-such-file.json"),
        (Asked(stacks=("prdo",)), "no Pulumi.prdo.yaml in this project; it has the stacks dev, local, prod"),
        (Asked(sarif=Path("no-such-folder/o.sarif")), "there is no folder no-such-folder"),
        (Asked(markdown=HERE.root), "cannot be written"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_run(asked: Asked, told: str):
    with pytest.raises(UsageError, match=told):
        check(HERE, asked, CONSOLE)


def test_a_file_that_cannot_be_written_after_all_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    state = tmp_path / "state.json"
    state.write_text("{}")
    monkeypatch.setattr("cli.policies.checking.pulumi_cli.ensure", lambda *_: tmp_path)
    monkeypatch.setattr("cli.policies.checking.state.check", lambda *_: Checked("dev"))

    with pytest.raises(CommandError, match="/dev/full cannot be written: No space left on device"):
        check(HERE, Asked(state=state, markdown=Path("/dev/full")), CONSOLE)


def test_a_project_without_stacks_has_nothing_to_check(tmp_path: Path):
    with pytest.raises(UsageError, match="has no stacks"):
        check(Project(tmp_path), Asked(every=True), CONSOLE)
