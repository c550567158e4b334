from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import Given, Ref, Shape, Stack, compliant

RULE = "edge-access-logs"
SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"


def without_logs() -> Stack:
    stack = compliant()
    del stack["edge-distribution"].inputs["loggingConfig"]
    return stack


def test_requests_that_nobody_logs_are_advised_upon(judge: Judge, shape: Shape) -> None:
    (finding,) = judge(without_logs(), shape)

    assert (finding.policy, finding.level) == (RULE, "advisory")


def test_a_delivery_source_of_the_distribution_will_do(judge: Judge, shape: Shape) -> None:
    stack = without_logs()
    stack["logs"] = Given(SOURCE, {"logType": "ACCESS_LOGS", "resourceArn": Ref("edge-distribution", "arn")})

    assert judge(stack, shape) == []


def test_a_delivery_source_of_something_else_will_not(judge: Judge, shape: Shape) -> None:
    stack = without_logs()
    stack["logs"] = Given(SOURCE, {"logType": "ACCESS_LOGS", "resourceArn": "arn:aws:cloudfront::1:distribution/E2"})

    assert [finding.policy for finding in judge(stack, shape)] == [RULE]


def test_logs_in_real_time_will_do(judge: Judge, shape: Shape) -> None:
    stack = without_logs()
    stack["edge-distribution"].inputs["defaultCacheBehavior"]["realtimeLogConfigArn"] = Ref("router", "arn")

    assert judge(stack, shape) == []
