"""How large a function's package is, by what a preview shows of it or AWS tells after a deployment."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from policy.rules.lambda_edge.shared.package import PackageSize, package_size
from policy.rules.shared.stack import Stack
from tests.policy.edge.stacks import FUNCTION, PROVIDER, Given, shown
from tests.policy.judge import judge, policy_resources

MARK = "4dabf18193072939515e22adb298388d"
ASSET, ARCHIVE = {MARK: "c44067f5952c0a294b673a41bacd8c17"}, {MARK: "0def7320c3a5731c473e5ecbe6d01bc7"}
TEXT = "".join(Random(1).choices("0123456789abcdef", k=10_000))  # noqa: S311 - of which no byte is a secret
HALF = range(4_000, 7_000)  # what 10,000 letters of 16 are when they are compressed


def size_of(**inputs: Any) -> PackageSize:
    deployment = shown({"default": Given(PROVIDER, {"region": "us-east-1"}), "it": Given(FUNCTION, inputs)})
    (function,) = Stack(policy_resources(deployment), {}).of(FUNCTION)
    return package_size(function)


def archive(**parts: dict[str, Any]) -> dict[str, Any]:
    return {**ARCHIVE, "assets": parts}


def test_texts_and_files_are_measured_as_they_will_be_zipped(tmp_path: Path):
    file = tmp_path / "module.py"
    file.write_text(TEXT)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "module.py").write_text(TEXT)

    for code in (
        archive(a={**ASSET, "text": TEXT}),
        archive(a={**ASSET, "path": str(file)}),
        archive(a={**ARCHIVE, "path": str(tmp_path / "folder")}),
        archive(a=archive(b={**ASSET, "text": TEXT})),
    ):
        size = size_of(code=code)
        assert size.whole
        assert size.at_least in HALF


def test_an_archive_is_as_large_as_it_is(tmp_path: Path):
    file = tmp_path / "package.zip"
    file.write_bytes(TEXT.encode())

    assert size_of(code={**ARCHIVE, "path": str(file)}) == PackageSize(10_000, whole=True)


@pytest.mark.parametrize(
    "unseen", [{**ASSET, "path": "elsewhere/module.py"}, {**ASSET, "uri": "https://example.com/module.py"}]
)
def test_what_is_measured_is_the_least_where_a_part_cannot_be_seen(unseen: dict[str, Any]):
    size = size_of(code=archive(a={**ASSET, "text": TEXT}, b=unseen))

    assert not size.whole
    assert size.at_least in HALF


def test_of_a_package_in_a_bucket_aws_tells_after_the_deployment():
    assert size_of(s3Bucket="packages", s3Key="a.zip") == PackageSize(0, whole=False)
    assert size_of(s3Bucket="packages", s3Key="a.zip", sourceCodeSize=123) == PackageSize(123, whole=True)


def test_nothing_is_said_of_the_size_of_a_function_that_no_distribution_carries():
    stack = {
        "default": Given(PROVIDER, {"region": "us-east-1"}),
        "it": Given(FUNCTION, {"s3Bucket": "packages", "s3Key": "a.zip", "sourceCodeSize": 2**30}),
    }

    assert [each for each in judge(shown(stack)) if each.policy == "lambda-edge-size"] == []
