from pulumi_policy import Severity

from ..shared.kinds import FUNCTION, GRAPHQL_API, HTTP_AUTHORIZER, REST_AUTHORIZER
from ..shared.rule import About, stack_rule
from .shared.reference import Reference, judge, uses

RULE = stack_rule(
    About(
        name="regions-authorizer",
        title="A region's API asks an authorizer of its own region",
        description="The Lambda authorizer of an API must lie in the API's own region.",
        fix="Give each region's API the authorizer function of that region.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
        severity=Severity.CRITICAL,
    ),
    uses(
        Reference(GRAPHQL_API, "lambdaAuthorizerConfig.authorizerUri", (FUNCTION,), "its authorizer"),
        Reference(REST_AUTHORIZER, "authorizerUri", (FUNCTION,), "its function"),
        Reference(HTTP_AUTHORIZER, "authorizerUri", (FUNCTION,), "its function"),
    ),
    judge,
)
