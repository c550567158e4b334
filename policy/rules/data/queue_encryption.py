from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from ..shared.kinds import QUEUE
from ..shared.known import UNKNOWN, Properties
from ..shared.mending import changed, shown
from ..shared.rule import About, resource_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(queue: Resource) -> Iterator[Verdict]:
    queue.read("sqsManagedSseEnabled")
    if _is_plain(queue):
        yield Violation(
            queue,
            "its encryption is turned off: messages, such as changes that were not published, lie in plain text.",
            "Set sqs_managed_sse_enabled=True, which SQS does by itself where nothing is said, or kms_master_key_id.",
            "sqsManagedSseEnabled",
        )


def _mend(props: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return changed(props, {"sqsManagedSseEnabled": True}) if _is_plain(shown(props, QUEUE)) else None


def _is_plain(queue: Properties) -> bool:
    # A key that is not known yet is a key.
    key = queue.peek("kmsMasterKeyId")
    return queue.peek("sqsManagedSseEnabled") is False and key is not UNKNOWN and not key


RULE = resource_rule(
    About(
        name="data-queue-encryption",
        title="Queues are encrypted",
        description="An SQS queue should encrypt its messages.",
        fix="Set sqs_managed_sse_enabled=True on the queue.",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    ),
    [QUEUE],
    _judge,
    _mend,
)
