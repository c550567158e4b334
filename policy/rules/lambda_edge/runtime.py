import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.functions import RESTRICTIONS, EdgeFunction, edge_functions

_RUNTIME = re.compile(r"(nodejs|python3\.)(\d+)(?:\.x)?")

# The oldest that "Lambda runtimes" in the AWS Lambda Developer Guide still let be made in late 2026.
_OLDEST = {"nodejs": 20, "python3.": 10}


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    runtime = edge.function.read("runtime")
    if runtime is None or runtime in edge.function.stack.settings.get("allowed", ()):
        return
    named = _RUNTIME.fullmatch(runtime)
    if not named:
        why = "Lambda@Edge runs Node.js and Python alone"
    elif int(named[2]) < _OLDEST[named[1]]:
        why = "AWS has deprecated it: it gets no security patches, and no function can be made with it"
    else:
        return
    yield Violation(
        edge.function,
        f'{edge.carried}, and its runtime is "{runtime}": {why}.',
        'Set runtime to a supported version, such as "python3.13" or "nodejs22.x".',
        "runtime",
    )


RULE = stack_rule(
    About(
        name="lambda-edge-runtime",
        title="Edge functions have a runtime that is supported",
        description="A Lambda function that CloudFront runs must have a supported runtime of Node.js or Python.",
        fix='Set runtime to a supported version, such as "python3.13" or "nodejs22.x".',
        url=RESTRICTIONS,
        severity=Severity.MEDIUM,
        settings={
            "allowed": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Runtimes to take besides the supported ones, such as nodejs18.x.",
            }
        },
    ),
    edge_functions,
    _judge,
)
