import pytest

from cli import local
from sandbox import version
from sandbox.folder import Daemon


@pytest.mark.parametrize("started_by", ["", "0123"], ids=["one that told no version", "another"])
def test_a_sandbox_that_another_version_started_is_told_with_the_remedy(started_by: str):
    said = local.advice(Daemon(1, 14500, "ca.pem", [], started_by))

    assert said.startswith("The sandbox was started by another version")
    assert said.endswith("make down, then make up.")


def test_of_a_sandbox_of_this_version_nothing_is_told():
    assert local.advice(Daemon(1, 14500, "ca.pem", [], version.digest())) == ""
