from pulumi_policy import Severity

from ..shared.kinds import DATA_SOURCE, FUNCTION, GRAPHQL_API, RESOLVER
from ..shared.rule import About, stack_rule
from .shared.reference import Reference, judge, uses

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
        Reference(DATA_SOURCE, "lambdaConfig.functionArn", (FUNCTION,), "its function"),
        Reference(DATA_SOURCE, "apiId", (GRAPHQL_API,), "its API"),
        Reference(RESOLVER, "apiId", (GRAPHQL_API,), "its API"),
        Reference(RESOLVER, "dataSource", (DATA_SOURCE,), "its data source"),
    ),
    judge,
)
