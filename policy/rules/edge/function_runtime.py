import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.code import texts
from ..shared.kinds import CLOUDFRONT_FUNCTION
from ..shared.known import UNKNOWN
from ..shared.rule import About, resource_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_OLD, _NEW = "cloudfront-js-1.0", "cloudfront-js-2.0"
_IMPORTS = re.compile(r"""^\s*import\s.*["']cloudfront["']""", re.MULTILINE)


def _judge(function: Resource) -> Iterator[Verdict]:
    files = texts(function)
    if function.read("runtime") != _OLD or files is UNKNOWN:
        return
    why = "imports the module cloudfront" if any(map(_IMPORTS.search, files.values())) else None
    if why is None and function.peek("keyValueStoreAssociations"):
        why = "has a key value store"
    if why:
        yield Violation(
            function, f"it {why}, which {_OLD} does not know: it cannot set an origin.", f'Set runtime to "{_NEW}".'
        )


RULE = resource_rule(
    About(
        name="edge-function-runtime",
        title="A CloudFront Function has the runtime that its code needs",
        description=f"A CloudFront Function that sets origins or reads a key value store must have the runtime {_NEW}.",
        fix=f"Set runtime='{_NEW}' on the aws.cloudfront.Function.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html",
        severity=Severity.HIGH,
    ),
    [CLOUDFRONT_FUNCTION],
    _judge,
)
