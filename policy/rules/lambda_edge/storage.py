from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS, EdgeFunction, edge_functions

_LIMIT = 512  # MB, which is also what a function has by default


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    storage = edge.function.inner("ephemeralStorage")
    size = storage.read("size") if storage else None
    if size and size > _LIMIT:
        yield Violation(
            edge.function,
            f"{edge.carried}, and it has {size} MB of ephemeral storage: Lambda@Edge has at most {_LIMIT} MB.",
            "Remove ephemeral_storage.",
            "ephemeralStorage.size",
        )


RULE = stack_rule(
    About(
        name="lambda-edge-storage",
        title="Edge functions have the usual ephemeral storage",
        description="A Lambda function that CloudFront runs must have at most 512 MB of ephemeral storage.",
        fix="Remove ephemeral_storage from the function.",
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)
