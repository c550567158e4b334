from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import FUNCTION, GRAPHQL_API, PERMISSION
from ..shared.known import UNKNOWN
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation

_APPSYNC = "appsync.amazonaws.com"


def _judge(api: Resource) -> Iterator[Verdict]:
    config = api.inner("lambdaAuthorizerConfig")
    if not config or not config.keys():
        return
    uri = config.peek("authorizerUri")
    functions = api.sources("lambdaAuthorizerConfig", FUNCTION, value=uri)
    if not functions and uri is UNKNOWN:
        yield Undecided(api, "which function authorizes is not known yet.", "lambdaAuthorizerConfig")
    for function in functions:
        if function.region != api.region:
            continue  # no permission helps: regions-authorizer and regions-child-region are about that
        granted = [each for each in api.stack.of(PERMISSION) if _lets_appsync_call(each, function)]
        if not any(_is_for(permission, api) for permission in granted):
            which = "the permissions to do so are for other APIs" if granted else "there is no permission to do so"
            yield Violation(
                api,
                f"AppSync may not call its authorizer, Function '{function.name}', so every request is refused: "
                f"{which}.",
                f'Add an aws.lambda_.Permission: function="{function.name}", action="lambda:InvokeFunction", '
                f'principal="{_APPSYNC}", source_arn=api.arn.',
                "lambdaAuthorizerConfig",
            )
        for permission in granted:
            if not any(permission.states(key) for key in ("sourceArn", "sourceAccount", "principalOrgId")):
                yield Violation(
                    permission,
                    "it lets every AppSync API of every account call the authorizer.",
                    "Set source_arn to the ARN of the API.",
                )


def _lets_appsync_call(permission: Resource, function: Resource) -> bool:
    return (
        permission.read("principal") == _APPSYNC
        and permission.read("action") in ("lambda:InvokeFunction", "lambda:*")
        and function in permission.sources("function", FUNCTION, value=permission.peek("function"))
    )


def _is_for(permission: Resource, api: Resource) -> bool:
    source = permission.peek("sourceArn")
    named = permission.sources("sourceArn", GRAPHQL_API, value=source)
    # What names no API of the stack is a pattern, or the ARN of one that is known otherwise: it may well be this one.
    # One that is for an API of another region is for regions-permission.
    return not named or api in named or any(other.region != permission.region for other in named)


RULE = stack_rule(
    About(
        name="api-authorizer-permission",
        title="AppSync may call the authorizer, and nobody else's API may",
        description="AppSync must have the permission to call an API's Lambda authorizer, for that API.",
        fix='Add aws.lambda_.Permission(principal="appsync.amazonaws.com", source_arn=api.arn, ...) in each region.',
        url="https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
        severity=Severity.CRITICAL,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)
