"""What is read of a stack without the SDK. That the engine writes the file so is proven in tests/end_to_end."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.engine_settings import Settings
from cli.errors import CommandError
from cli.stack_state import AskedState, StateFile

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x:y"}


def kept(backend: Path, latest: Any) -> StateFile:
    """The file of the stack `local`, as the engine writes it."""
    file = StateFile(backend, "local")
    file.path.parent.mkdir(parents=True)
    file.path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "local", "latest": latest}}))
    return file


def test_outputs_are_those_of_the_stack_itself_and_nothing_shows_a_secret(tmp_path: Path):
    outputs = {"url": "https://a", "token": SECRET, "headers": {"sydney": [{"name": "key", "value": SECRET}]}}
    bucket = {"type": "aws:s3/bucket:Bucket", "outputs": {"url": "https://b"}}
    file = kept(tmp_path, {"resources": [bucket, {"type": "pulumi:pulumi:Stack", "outputs": outputs}]})

    assert file.outputs() == {
        "url": "https://a",
        "token": "[secret]",
        "headers": {"sydney": [{"name": "key", "value": "[secret]"}]},
    }


def test_an_exported_state_is_as_it_is_kept_with_its_secrets_encrypted(tmp_path: Path):
    latest = {"resources": [{"type": "pulumi:pulumi:Stack", "outputs": {"token": SECRET}}]}

    assert kept(tmp_path, latest).export() == {"version": 3, "deployment": latest}


def test_a_stack_that_was_made_and_never_deployed_has_no_outputs(tmp_path: Path):
    assert StateFile(tmp_path, "local").outputs() == {}
    assert StateFile(tmp_path, "local").read() is None
    assert kept(tmp_path, None).outputs() == {}


def test_a_file_that_no_engine_wrote_is_told_with_what_mends_it(tmp_path: Path):
    file = kept(tmp_path, None)
    file.path.write_text("[]")

    with pytest.raises(CommandError, match=r"local\.json holds no state of the stack local: .* antipodes up"):
        file.outputs()


def asked(folder: Path, script: str) -> AskedState:
    """The state of the stack `prod` that this CLI tells of."""
    command = folder / "bin" / "pulumi"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return AskedState(Settings("prod", folder, folder, {"STACK": "of prod"}))


def test_on_aws_the_cli_is_asked_in_the_stacks_folder_and_environment(tmp_path: Path):
    state = asked(tmp_path, """echo '{"asked": "'$*'", "in": "'$PWD'", "url": "'$STACK'"}'""")

    assert state.outputs() == {
        "asked": "--non-interactive stack output --json --stack prod",
        "in": str(tmp_path),
        "url": "of prod",
    }
    assert state.export()["asked"] == "--non-interactive stack export --stack prod"


def test_a_stack_that_the_backend_does_not_have_has_no_outputs_and_no_state(tmp_path: Path):
    state = asked(tmp_path, "echo \"error: no stack named 'prod' found\" >&2; exit 255")

    assert state.outputs() == {}
    with pytest.raises(CommandError, match="no stack prod: nothing is deployed"):
        state.export()


def test_why_the_cli_does_not_tell_comes_with_the_remedy(tmp_path: Path):
    state = asked(tmp_path, "echo 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2; exit 255")

    with pytest.raises(CommandError, match="Run `pulumi login`"):
        state.outputs()
