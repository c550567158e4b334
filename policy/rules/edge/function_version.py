from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.kinds import DISTRIBUTION
from ..shared.known import UNKNOWN
from ..shared.router import Association, associations, behaviours
from ..shared.rule import About, each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation

_ALIAS = "aws:lambda/alias:Alias"
_FIX = "Set publish=True on the function and give the association its qualified_arn."


def _judge(distribution: Resource) -> Iterator[Verdict]:
    said = set()
    for behaviour in behaviours(distribution):
        for association in associations(distribution, behaviour):
            for verdict in _of(distribution, association) if association.is_of_lambda else ():
                # A preview does not tell the functions of several associations apart, so one may come up again.
                if verdict.message not in said:
                    said.add(verdict.message)
                    yield verdict


def _of(distribution: Resource, association: Association) -> Iterator[Verdict]:
    arn = association.props.peek("lambdaArn")
    place = association.props.place
    # A function of the stack that publishes no version is what lambda-edge-publish is about.
    if any(function.read("publish") is not True for function in association.functions):
        return
    if arn is not UNKNOWN:
        if what := _instead_of_version(arn or ""):
            yield Violation(distribution, f"lambdaArn names {what}, and CloudFront takes a version only.", _FIX, place)
        return
    aliases = distribution.sources(place.partition(".")[0].partition("[")[0], _ALIAS)
    for alias in aliases:
        yield Violation(distribution, f"it has the alias '{alias.name}', and CloudFront takes a version only.", _FIX)
    if not aliases and not association.functions:
        yield Undecided(distribution, "which version of a function it will have is not known yet.", place)


def _instead_of_version(arn: str) -> str | None:
    """What an ARN names that is no version: `arn:aws:lambda:us-east-1:111122223333:function:NAME:7` names one."""
    qualifier = arn.split(":")[7:]
    if not qualifier:
        return "a function without a version" if arn else "nothing"
    if qualifier[0].isdigit():
        return None
    return "$LATEST" if qualifier[0] == "$LATEST" else f"the alias {qualifier[0]}"


RULE = stack_rule(
    About(
        name="edge-function-version",
        title="CloudFront runs a numbered version of each Lambda function",
        description="A Lambda function of a behaviour must be a published version, neither $LATEST nor an alias.",
        fix="Set publish=True on the function and pass its qualified_arn to the behaviour's association.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html",
        severity=Severity.HIGH,
    ),
    lambda stack: each(*stack.of(DISTRIBUTION)),
    _judge,
)
