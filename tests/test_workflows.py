"""What runs on GitHub runs nowhere else: here it is at least held against the command that it calls."""

import os
import re
import shlex
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from cli.app import app
from cli.policies.markdown import MARKER

WORKFLOWS = Path(__file__).resolve().parent.parent / ".github" / "workflows"
_PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}")


def workflow(name: str) -> dict[str, Any]:
    return dict(yaml.load((WORKFLOWS / name).read_text(encoding="utf-8"), yaml.BaseLoader))  # noqa: S506 - `on` is no truth


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


def step(name: str) -> dict[str, Any]:
    (found,) = [each for each in steps("policies.yml") if each.get("name") == name]
    return found


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.name)
def test_actions_are_pinned_and_may_only_read_unless_a_job_says_more(path: Path):
    used = [step["uses"] for step in steps(path.name) if "uses" in step]

    assert used
    assert [each for each in used if not _PINNED.fullmatch(each)] == []
    assert workflow(path.name)["permissions"] == {"contents": "read"}


def test_the_check_is_called_with_options_that_the_command_has():
    program, command, *arguments = shlex.split(step("Check")["run"])
    group: Any = typer.main.get_command(app)

    assert (program, command) == (".venv/bin/antipodes", "check")
    # Raises for an option that there is not, and for one without its value.
    parsed = group.commands["check"].make_context("check", arguments).params
    assert parsed["every"]
    assert (str(parsed["sarif"]), str(parsed["markdown"])) == ("policies.sarif", "policies.md")


@pytest.mark.parametrize("name", ["Summary", "Comment", "Code scanning"])
def test_people_are_told_also_where_the_check_has_failed(name: str):
    assert "!cancelled()" in step(name)["if"]


@pytest.mark.parametrize("name", ["Comment", "Code scanning"])
def test_what_a_forks_token_may_not_do_is_not_tried(name: str):
    assert "head.repo.full_name == github.repository" in step(name)["if"]
    assert "head.repo" not in step("Summary")["if"]


@pytest.mark.parametrize(
    ("there", "called"),
    [("", "--method POST repos/o/r/issues/7/comments"), ("41", "--method PATCH repos/o/r/issues/comments/41")],
)
def test_there_is_one_comment_which_is_written_anew(tmp_path: Path, there: str, called: str):
    command = tmp_path / "gh"
    command.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\ncase "$*" in *--jq*) echo "{there}";; esac\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    environment = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "COMMENTS": "repos/o/r/issues/7/comments",
        "REPOSITORY": "repos/o/r",
    }

    subprocess.run(["bash", "-eo", "pipefail", "-c", step("Comment")["run"]], env=environment, check=True)

    found, written = (tmp_path / "calls").read_text().splitlines()
    assert MARKER in found
    assert called in written
    assert "body=@policies.md" in written
