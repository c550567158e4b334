from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import PROTECTED, where_protected
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(api: Resource) -> Iterator[Verdict]:
    found = api.read("introspectionConfig") or "ENABLED"
    if found != "DISABLED" and api.read("apiType") != "MERGED":
        yield Violation(
            api,
            f'introspectionConfig is "{found}", so whoever may ask anything may ask for the whole schema.',
            'Set introspection_config="DISABLED".',
        )


RULE = stack_rule(
    About(
        name="api-introspection",
        title="A protected API does not tell its schema",
        description="In a protected stack, introspection of an AppSync API must be disabled.",
        fix='Set introspection_config="DISABLED" on the aws.appsync.GraphQLApi.',
        url="https://docs.aws.amazon.com/appsync/latest/APIReference/API_GraphqlApi.html",
        severity=Severity.MEDIUM,
        settings=PROTECTED,
    ),
    where_protected(GRAPHQL_API),
    _judge,
)
