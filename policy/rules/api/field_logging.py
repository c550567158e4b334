from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_ENOUGH = ("ERROR", "INFO", "DEBUG", "ALL")


def _judge(api: Resource) -> Iterator[Verdict]:
    log = api.inner("logConfig")
    found = log.read("fieldLogLevel") if log else None
    if found not in _ENOUGH:
        what = f'logConfig.fieldLogLevel is "{found}"' if found else "logConfig is not set"
        yield Violation(
            api,
            f"{what}, so nothing tells why a field failed, nor in which region.",
            'Set log_config with field_log_level="ERROR", exclude_verbose_content=True and a role that writes the log.',
        )


RULE = stack_rule(
    About(
        name="api-field-logging",
        title="A region's API logs the fields that fail",
        description="An AppSync API behind the router should log the errors of its fields.",
        fix='Set log_config={"field_log_level": "ERROR", ...} on the aws.appsync.GraphQLApi.',
        url="https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html",
        severity=Severity.LOW,
        level=EnforcementLevel.ADVISORY,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)
