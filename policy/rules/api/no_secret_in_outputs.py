from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.known import UNKNOWN
from ..shared.marks import is_marked
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.secrets import Secrets

_STACK = "pulumi:pulumi:Stack"


def _judge(stack: Resource) -> Iterator[Verdict]:
    secrets = Secrets(stack.stack)
    for name in sorted(stack.keys()):
        for text in _texts(stack.peek(name)):
            # What is not known yet is made by AWS: the provider marks what is secret of that.
            if not is_marked(text) and (what := secrets.told_by(text)):
                yield Violation(
                    stack,
                    f"the output holds {what} in plain text: pulumi prints it, and whoever reads the state has it.",
                    f'Export it as a secret: pulumi.export("{name}", pulumi.Output.secret(...)).',
                    name,
                )
                break


def _texts(value: object) -> Iterator[str]:
    if value is UNKNOWN:
        return
    if isinstance(value, str):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _texts(each)


RULE = stack_rule(
    About(
        name="api-no-secret-in-outputs",
        title="No output tells a secret",
        description="A stack's outputs must hold no secret in plain text.",
        fix="Export secrets as pulumi.Output.secret(...), or not at all: operators read them from Secrets Manager.",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
        severity=Severity.HIGH,
    ),
    in_the_design(_STACK),
    _judge,
)
