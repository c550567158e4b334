from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_MOST = 75  # what AppSync takes


def _judge(api: Resource) -> Iterator[Verdict]:
    found = api.read("queryDepthLimit") or 0
    if not 1 <= found <= _MOST:
        what = "which AppSync refuses" if found else "so one request may nest as deep as the schema has circles"
        yield Violation(
            api,
            f"queryDepthLimit is {found or 'not set'}, {what}.",
            f"Set query_depth_limit to a number from 1 to {_MOST}, such as 20; introspection by clients' code "
            "generators goes 15 deep.",
        )


RULE = stack_rule(
    About(
        name="api-query-depth",
        title="A query's depth has a limit",
        description="An AppSync API behind the router should limit the depth of queries.",
        fix="Set query_depth_limit on the aws.appsync.GraphQLApi.",
        url="https://docs.aws.amazon.com/appsync/latest/APIReference/API_GraphqlApi.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)
