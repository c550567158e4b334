from pulumi_policy import Severity

from ..shared.code import FUNCTION
from ..shared.rule import About, stack_rule
from .shared.deployment import GRAPHQL_API
from .shared.reference import Reference, judge, uses

_SOURCE = "aws:appsync/dataSource:DataSource"
_RESOLVER = "aws:appsync/resolver:Resolver"

RULE = stack_rule(
    About(
        name="regions-resolver-region",
        title="A region's API answers from its own region",
        description="Data sources and resolvers must use the API, the functions and the data of their own region.",
        fix="Give each region's data source the function of that region, and each resolver the API of its region.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/resolver-components.html",
        severity=Severity.CRITICAL,
    ),
    uses(
        Reference(_SOURCE, "lambdaConfig.functionArn", (FUNCTION,), "its function"),
        Reference(_SOURCE, "apiId", (GRAPHQL_API,), "its API"),
        Reference(_RESOLVER, "apiId", (GRAPHQL_API,), "its API"),
        Reference(_RESOLVER, "dataSource", (_SOURCE,), "its data source"),
    ),
    judge,
)
