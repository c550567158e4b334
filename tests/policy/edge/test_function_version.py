import pytest

from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import Ref, Shape, compliant, distribution, pages

RULE = "edge-function-version"
ARN = "arn:aws:lambda:us-east-1:111122223333:function:headers"


@pytest.mark.parametrize(
    ("arn", "found"),
    [(ARN, "without a version"), (f"{ARN}:$LATEST", "$LATEST"), (f"{ARN}:live", "the alias live"), ("", "nothing")],
)
def test_what_is_no_numbered_version_is_found_in_any_distribution(
    judge: Judge, shape: Shape, arn: str, found: str
) -> None:
    stack = compliant()
    stack["site"] = distribution(pages(f"{ARN}:3"))
    assert judge(stack, shape) == []

    stack["site"].inputs["defaultCacheBehavior"]["lambdaFunctionAssociations"][0]["lambdaArn"] = arn

    (finding,) = judge(stack, shape)
    assert (finding.policy, finding.level) == (RULE, "mandatory")
    assert found in finding.message
    assert "arn:" not in finding.message


def test_an_exempt_distribution_is_left_alone(judge: Judge, shape: Shape) -> None:
    stack = compliant()
    stack["site"] = distribution(pages(ARN))

    assert judge(stack, shape, {RULE: {"exempt": ["site"]}}) == []


def test_the_deployment_shows_that_the_version_was_left_out(judge: Judge) -> None:
    """A preview shows that the function is referred to, not by which of its outputs."""
    stack = compliant()
    for behaviour in (
        stack["edge-distribution"].inputs["defaultCacheBehavior"],
        stack["edge-distribution"].inputs["orderedCacheBehaviors"][0],
    ):
        behaviour["lambdaFunctionAssociations"][0]["lambdaArn"] = Ref("router", "arn")

    assert judge(stack) == []
    assert {finding.policy for finding in judge(stack, Shape.STATE)} == {RULE}
