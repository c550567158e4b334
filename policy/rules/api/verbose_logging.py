from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(api: Resource) -> Iterator[Verdict]:
    log = api.inner("logConfig")
    if log and log.keys() and log.read("excludeVerboseContent") is not True:
        yield Violation(
            api,
            "logConfig.excludeVerboseContent is not true, so the log holds what each request came with: its "
            "Authorization header and users' data.",
            "Set exclude_verbose_content=True in log_config.",
        )


RULE = stack_rule(
    About(
        name="api-verbose-logging",
        title="The API's log holds no tokens",
        description="The log of an AppSync API behind the router must leave out verbose content.",
        fix='Set log_config={"exclude_verbose_content": True, ...} on the aws.appsync.GraphQLApi.',
        url="https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html",
        severity=Severity.HIGH,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)
