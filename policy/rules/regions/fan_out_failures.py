from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.known import UNKNOWN
from ..shared.rule import About, Subject, each, of_each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.deployment import Deployment, deployments
from .shared.streams import publishers

_PARTIAL = "ReportBatchItemFailures"


def _publishers(deployment: Deployment) -> Iterator[Subject[Resource]]:
    for region in deployment.regions:
        yield from each(*publishers(deployment, region))


def _judge(mapping: Resource) -> Iterator[Verdict]:
    if _PARTIAL not in (mapping.read("functionResponseTypes") or []):
        yield Violation(
            mapping,
            "of a batch that fails in part all is sent again, and subscribers are told again of what they know.",
            f'Set function_response_types=["{_PARTIAL}"], and let the function answer with what failed.',
            "functionResponseTypes",
        )
    if mapping.read("bisectBatchOnFunctionError") is not True:
        yield Violation(
            mapping,
            "a batch is not divided when the function fails, so one record that it cannot take holds up all others.",
            "Set bisect_batch_on_function_error=True.",
            "bisectBatchOnFunctionError",
        )
    if not _has_destination(mapping):
        yield Violation(
            mapping,
            "what could not be published is dropped without a trace once its retries end.",
            'Set destination_config={"on_failure": {"destination_arn": QUEUE.arn}} to a queue of the same region.',
            "destinationConfig",
        )


def _has_destination(mapping: Resource) -> bool:
    config = mapping.peek("destinationConfig")
    if not isinstance(config, dict):
        return config is UNKNOWN
    on_failure = config.get("onFailure")
    if not isinstance(on_failure, dict):
        return on_failure is UNKNOWN
    return bool(on_failure.get("destinationArn"))


RULE = stack_rule(
    About(
        name="regions-fan-out-failures",
        title="A change that cannot be published holds up no other, and is kept",
        description=(
            "An event source mapping that publishes changes should report failures one by one, divide failing batches "
            "and keep what failed."
        ),
        fix=(
            "On the event source mapping, set function_response_types, bisect_batch_on_function_error and "
            "destination_config."
        ),
        url="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html",
        severity=Severity.HIGH,
        level=EnforcementLevel.ADVISORY,
    ),
    of_each(deployments, _publishers),
    _judge,
)
