"""How the engine's failures are told; what it does is proven in tests/end_to_end."""

from pathlib import Path

import pytest
from pulumi import automation
from pulumi.automation._cmd import CommandResult

from cli.engine import EngineError, PolicyError, _explained
from cli.engine_settings import Settings
from cli.events import Report, Violation


def told(stderr: str, report: Report | None = None, *, work_dir: Path = Path(), advice: str = "") -> EngineError:
    settings = Settings("prod", work_dir, work_dir, {}, advice=lambda: advice)
    with pytest.raises(EngineError) as raised, _explained(settings, report or Report()):
        raise automation.CommandError(CommandResult(stdout="", stderr=stderr, code=255))
    return raised.value


def test_the_engines_last_error_is_told_with_the_line_that_explains_it():
    text = "warning: a\nerror: getting stack configuration: yaml: unmarshal errors:\n  line 7: key already set\n"
    assert str(told(text)) == "getting stack configuration: yaml: unmarshal errors: line 7: key already set"


def test_a_lock_and_a_missing_login_come_with_their_remedies():
    assert "Wait for it, or stop it" in str(told("error: the stack is currently locked by 1 lock(s)."))
    assert "Run `pulumi login`" in str(told("error: PULUMI_ACCESS_TOKEN must be set for login"))


@pytest.mark.parametrize(
    "why", ["bad value", "bad value: nonce size is incorrect", "cipher: message authentication failed"]
)
def test_a_value_that_cannot_be_deciphered_is_told_by_its_line_with_the_remedy(tmp_path: Path, why: str):
    (tmp_path / "Pulumi.prod.yaml").write_text("config:\n  a: b\n  k:\n    secure: junk\n")

    text = str(told(f"error: validating stack config: {why}", work_dir=tmp_path))

    assert text.startswith("Pulumi.prod.yaml: a value below `secure:` (of line 4) is none")
    assert text.endswith("pulumi config set --stack prod --secret --path KEY VALUE")


def test_a_wrong_passphrase_comes_with_the_line_that_it_has_to_fit():
    text = str(told("error: constructing secrets manager: incorrect passphrase"))

    assert "PULUMI_CONFIG_PASSPHRASE" in text
    assert "encryptionsalt of Pulumi.prod.yaml" in text


def test_what_the_resources_said_comes_before_what_the_command_printed():
    assert str(told("error: update failed", Report(errors=["the name is taken"]))) == "the name is taken"


def test_advice_follows_what_the_engine_said_and_no_remedy_of_its_own():
    failed = Report(errors=["the embedded AWS does not handle the resource type aws:kms/key:Key"])

    assert str(told("", failed, advice="Start it anew.")) == f"{failed.errors[0]}\nStart it anew."
    assert "anew" not in str(told("error: the stack is currently locked by 1 lock(s).", advice="Start it anew."))


def test_a_mandatory_violation_is_told_as_such_with_its_resource():
    violation = Violation("edge-all-viewer", "mandatory", "found none; add it", "urn:pulumi:s::p::t::edge-distribution")

    error = told("error: preview failed", Report(violations=[violation]))

    assert isinstance(error, PolicyError)
    assert str(error) == "policy edge-all-viewer on edge-distribution: found none; add it"


def test_silence_is_told_too():
    assert str(told("")) == "the engine ended without a word"
