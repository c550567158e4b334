import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.app import NAMES, app

SDKS = {"pulumi", "grpc", "aiohttp", "graphql", "dns"}


def test_the_help_lists_every_command():
    told = CliRunner().invoke(app, ["--help"]).output

    assert [name for name in NAMES if f"│ {name} " not in told] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_its_help_under_its_own_name(name: str):
    result = CliRunner().invoke(app, [name, "--help"])

    assert (result.exit_code, f" {name} " in result.output) == (0, True), result.output


def test_a_mistyped_command_is_told_with_the_likely_one():
    assert "Did you mean 'status'?" in CliRunner().invoke(app, ["statu"]).output


def test_a_command_imports_no_sdk_that_it_has_no_use_for():
    script = "import sys; from cli import main; from cli.commands import token, export; print(*sys.modules)"

    modules = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert SDKS.isdisjoint(modules.split())
