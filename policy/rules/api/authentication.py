from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import PROTECTED, where_protected
from ..shared.kinds import GRAPHQL_API, HEALTH_CHECK, HTTP_ROUTE, REST_METHOD
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.graphql import authentications

_PATH = "aws:apigateway/resource:Resource"


def _judge(open_to: Resource) -> Iterator[Verdict]:
    if open_to.kind == GRAPHQL_API:
        yield from _judge_api(open_to)
        return
    key = "authorization" if open_to.kind == REST_METHOD else "authorizationType"
    if open_to.read(key) in (None, "NONE") and not _may_be_open(open_to):
        yield Violation(
            open_to,
            f'{key} is "NONE", so whoever finds the API may call it.',
            f"Give it an authorizer: set {key} and authorizer_id.",
        )


def _judge_api(api: Resource) -> Iterator[Verdict]:
    if set(authentications(api)) == {"API_KEY"}:
        yield Violation(
            api,
            "API_KEY is its only way of authentication. The key is the same for everyone, is seen by everyone whose "
            "client has it, and is another one in each region.",
            'Set authentication_type to "AWS_LAMBDA", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT" or "AWS_IAM".',
            "authenticationType",
        )


def _may_be_open(open_to: Resource) -> bool:
    """Whether it is for browsers that ask what they may send (CORS), or for health checks: neither has credentials."""
    if open_to.kind == HTTP_ROUTE:
        method, _, path = str(open_to.read("routeKey")).partition(" ")
    else:
        method = str(open_to.read("httpMethod"))
        paths = open_to.sources("resourceId", _PATH, value=open_to.peek("resourceId"))
        path = str(paths[0].read("pathPart")) if len(paths) == 1 else ""
    if method == "OPTIONS":
        return True
    checked = {_last(str(check.peek("resourcePath"))) for check in open_to.stack.of(HEALTH_CHECK)}
    return method in ("GET", "HEAD") and bool(_last(path)) and _last(path) in checked


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


RULE = stack_rule(
    About(
        name="api-authentication",
        title="A protected API knows who calls",
        description=(
            "In a protected stack an AppSync API must not have an API key as its only authentication, nor a method or "
            "route of API Gateway none at all."
        ),
        fix="Set authentication_type='AWS_LAMBDA' and lambda_authorizer_config, or another type that tells who calls.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
        severity=Severity.CRITICAL,
        settings=PROTECTED,
    ),
    where_protected(GRAPHQL_API, REST_METHOD, HTTP_ROUTE),
    _judge,
)
