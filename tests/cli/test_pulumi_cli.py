from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import pulumi_cli
from cli.errors import CommandError
from cli.project import Project


def cli_that_prints(folder: Path, text: str) -> Path:
    command = folder / "bin" / "pulumi"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(f"#!/bin/sh\necho '{text}'\n")
    command.chmod(0o755)
    return command.parent


@given(st.tuples(*[st.integers(0, 9999)] * 3), st.sampled_from(["", "-dev.1", "+abc"]))
def test_a_version_is_read_with_and_without_its_suffix(version: tuple[int, int, int], suffix: str):
    assert pulumi_cli.parse_version("v" + ".".join(map(str, version)) + suffix + "\n") == version


@given(st.text(max_size=20))
def test_what_is_no_version_is_none_and_never_an_error(text: str):
    result = pulumi_cli.parse_version(text)
    assert result is None or len(result) == 3


def test_a_recent_cli_on_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(cli_that_prints(tmp_path / "system", "v3.300.1")))

    assert pulumi_cli.find(Project(tmp_path / "project")) == tmp_path / "system"


def test_an_old_cli_on_path_is_passed_over_for_the_built_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project = Project(tmp_path / "project")
    monkeypatch.setenv("PATH", str(cli_that_prints(tmp_path / "system", "v3.100.0")))
    assert pulumi_cli.find(project) is None

    cli_that_prints(project.tools, "v3.259.0")
    assert pulumi_cli.find(project) == project.tools


@pytest.mark.parametrize(("recorded", "is_taken"), [("3.259.0", True), ("3.258.9", False), ("", False)])
def test_a_cli_that_was_built_here_is_not_started_to_tell_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorded: str, *, is_taken: bool
):
    monkeypatch.setenv("PATH", str(tmp_path))
    project = Project(tmp_path / "project")
    (cli_that_prints(project.tools, "no version") / "pulumi.version").write_text(recorded)

    assert (pulumi_cli.find(project) is not None) == is_taken


def test_a_cli_outside_a_bin_folder_is_reached_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = cli_that_prints(tmp_path / "system", "v3.300.1").rename(tmp_path / "odd")
    monkeypatch.setenv("PATH", str(folder))

    root = pulumi_cli.find(Project(tmp_path / "project"))

    assert root is not None
    assert (root / "bin" / "pulumi").resolve() == folder / "pulumi"


def test_without_cli_and_without_go_the_error_names_both_remedies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match=r"no Pulumi CLI 3\.259\.0 or later on PATH, and no Go.*Install either"):
        pulumi_cli.build(Project(tmp_path), progress=lambda _: None)


def test_a_failed_build_shows_what_go_said_and_leaves_no_cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go = tmp_path / "system" / "go"
    go.parent.mkdir()
    go.write_text("#!/bin/sh\necho 'no space left on device' >&2\nexit 1\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", str(go.parent))
    project = Project(tmp_path)
    project.go_module.mkdir()

    with pytest.raises(CommandError, match="no space left on device"):
        pulumi_cli.build(project, progress=lambda _: None)
    assert pulumi_cli.find(project) is None


def test_a_built_cli_has_its_version_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    go = tmp_path / "system" / "go"
    go.parent.mkdir()
    go.write_text('#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\necho >"$2"\n')
    go.chmod(0o755)
    monkeypatch.setenv("PATH", str(go.parent))
    project = Project(tmp_path)
    project.go_module.mkdir()

    assert pulumi_cli.build(project, progress=lambda _: None) == project.tools
    assert pulumi_cli.find(project) == project.tools

    (project.tools / "bin" / "pulumi").unlink()
    assert pulumi_cli.find(project) is None
