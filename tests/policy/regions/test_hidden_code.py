"""A refreshed state does not show what a function's code is: that is no difference between regions."""

import pulumi
import pytest
from pulumi_policy import PolicyResourceOptions, ResourceValidationArgs

from policy.rules.regions.shared.settings import SETTINGS
from policy.rules.shared.known import NotKnownError
from policy.rules.shared.stack import Resource, Stack

KIND = "aws:lambda/function:Function"
OPTIONS = PolicyResourceOptions(False, [], None, [], None, None, [])  # type: ignore[arg-type]  # noqa: FBT003 - its first is "protect"
(CODE,) = [setting for setting in SETTINGS[KIND] if setting.path == "code"]


def function(**props: object) -> Resource:
    (made,) = Stack([ResourceValidationArgs(KIND, props, "urn:pulumi:s::p::t::f", "f", OPTIONS, None)], {}).resources
    return made


@pytest.mark.parametrize("props", [{}, {"code": {}}, {"code": pulumi.AssetArchive({})}])
def test_code_that_nobody_shows_cannot_be_compared(props: dict[str, object]):
    with pytest.raises(NotKnownError):
        CODE.of(function(**props))


def test_code_that_is_shown_or_lies_in_s3_can():
    shown = pulumi.AssetArchive({"a.py": pulumi.StringAsset("a")})

    assert CODE.of(function(code=shown)) != CODE.of(function(s3Key="code.zip"))
