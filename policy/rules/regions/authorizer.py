from pulumi_policy import Severity

from ..shared.code import FUNCTION
from ..shared.rule import About, stack_rule
from .shared.deployment import GRAPHQL_API
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
        Reference("aws:apigateway/authorizer:Authorizer", "authorizerUri", (FUNCTION,), "its function"),
        Reference("aws:apigatewayv2/authorizer:Authorizer", "authorizerUri", (FUNCTION,), "its function"),
    ),
    judge,
)
