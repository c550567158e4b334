from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_MOST = 10_000  # what AppSync takes, and its own limit where none is set


def _judge(api: Resource) -> Iterator[Verdict]:
    found = api.read("resolverCountLimit") or 0
    if not 1 <= found < _MOST:
        yield Violation(
            api,
            f"resolverCountLimit is {found or 'not set'}, so one request may call {_MOST} resolvers or more, and a "
            "resolver here is a call of a function or a read of a table.",
            f"Set resolver_count_limit to what your largest request needs, below {_MOST}.",
        )


RULE = stack_rule(
    About(
        name="api-resolver-limit",
        title="The resolvers that a request calls have a limit",
        description="An AppSync API behind the router should limit the number of resolvers that a request calls.",
        fix="Set resolver_count_limit on the aws.appsync.GraphQLApi.",
        url="https://docs.aws.amazon.com/appsync/latest/APIReference/API_GraphqlApi.html",
        severity=Severity.LOW,
        level=EnforcementLevel.ADVISORY,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)
