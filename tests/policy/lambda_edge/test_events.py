"""Which quota holds for a function: that of the event that runs it, where one is known."""

from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_ARRAY_VALUE

from tests.policy.edge.stacks import FUNCTION, Given, Ref, Shape, Stack, compliant, shown
from tests.policy.judge import Finding, judge

ORDERED = "orderedCacheBehaviors"


def carried_beside_the_router(*events: str, **properties: Any) -> Stack:
    """A function on the router's own behaviours, where a preview does not tell the two apart."""
    stack = compliant()
    stack["other"] = Given(
        FUNCTION,
        {"runtime": "python3.13", "region": "us-east-1", "publish": True, **properties},
        {"qualifiedArn": "arn:aws:lambda:us-east-1:111122223333:function:other:3"},
    )
    functions = stack["edge-distribution"].inputs["defaultCacheBehavior"]["lambdaFunctionAssociations"]
    functions += [{"eventType": event, "lambdaArn": Ref("other", "qualifiedArn")} for event in events]
    return stack


def said(stack: Stack, shape: Shape, rule: str) -> list[Finding]:
    return [each for each in judge(shown(stack, shape)) if each.policy == rule]


def test_a_preview_that_cannot_tell_two_functions_apart_leaves_their_event_to_the_deployment():
    (finding,) = said(carried_beside_the_router("viewer-response", memorySize=256), Shape.PREVIEW, "lambda-edge-memory")

    assert finding.level == "undecided"
    assert "the event for which Distribution 'edge-distribution' runs it is not known yet" in finding.message


def test_a_deployed_stack_tells_them_apart():
    stack = carried_beside_the_router("viewer-response", memorySize=256)

    (finding,) = said(stack, Shape.STATE, "lambda-edge-memory")

    assert finding.level == "mandatory"
    assert "Function 'other'" in finding.message
    assert "256 MB" in finding.message


@pytest.mark.parametrize("shape", list(Shape))
def test_what_no_event_allows_is_found_whichever_it_is(shape: Shape):
    found = said(carried_beside_the_router("viewer-response", timeout=60), shape, "lambda-edge-timeout")

    assert [each.level for each in found] == ["mandatory"]


@pytest.mark.parametrize("shape", list(Shape))
def test_origin_events_have_room(shape: Shape):
    stack = carried_beside_the_router("origin-response", memorySize=1024, timeout=30)

    assert said(stack, shape, "lambda-edge-memory") == []
    assert said(stack, shape, "lambda-edge-timeout") == []


def test_a_function_is_carried_by_what_refers_to_it_while_the_behaviours_are_not_known():
    stack = compliant()
    stack["router"].inputs["vpcConfig"] = {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}
    stack["edge-distribution"].inputs[ORDERED] = UNKNOWN_ARRAY_VALUE

    (finding,) = said(stack, Shape.PREVIEW, "lambda-edge-vpc")

    assert finding.level == "mandatory"
