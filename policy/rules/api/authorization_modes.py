from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.graphql import MODES, authentications, schema


def _judge(api: Resource) -> Iterator[Verdict]:
    declared = schema(api)
    if declared is None:
        return
    offered = authentications(api)
    for mode, directive in MODES.items():
        places = [place for place, found in declared.directives if found.name == directive]
        if places and mode not in offered:
            yield Violation(
                api,
                f"the schema opens {_some(places)} by @{directive}, and the API has no authentication of type {mode}: "
                "nobody can come in by it, be it the fan-out or a client.",
                f'Add {{"authentication_type": "{mode}"}} to additional_authentication_providers.',
                "additionalAuthenticationProviders",
            )


def _some(places: list[str]) -> str:
    shown = 3
    return ", ".join(places[:shown]) + (f" and {len(places) - shown} more" if len(places) > shown else "")


RULE = stack_rule(
    About(
        name="api-authorization-modes",
        title="The API has every way of authentication that its schema names",
        description="An AppSync API must have every way of authentication that its schema's directives name.",
        fix="List the type in additional_authentication_providers: AWS_IAM for what calls from within AWS.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
        severity=Severity.HIGH,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)
