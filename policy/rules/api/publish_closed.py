from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.graphql import guards, is_closed, schema, sources


def _judge(api: Resource) -> Iterator[Verdict]:
    declared = schema(api)
    if declared is None:
        return
    mutations, root = declared.fields("mutation"), declared.roots["mutation"]
    for mutation in sorted(declared.subscribed & mutations.keys()):
        if sources(api, root, mutation) != {"NONE"}:
            continue  # it writes, and clients may well write
        if open_to := [f"@{guard.name}" for guard in guards(api, declared, mutation) if not is_closed(guard)]:
            yield Violation(
                api,
                f"{root}.{mutation} writes nothing and tells subscribers, and it is open to {' and '.join(open_to)}: "
                "any client could tell them of changes that never were.",
                f"Write @aws_iam behind {mutation} in the schema, and no other such directive.",
                "schema",
            )


RULE = stack_rule(
    About(
        name="api-publish-closed",
        title="Clients cannot publish",
        description=(
            "A mutation that only tells subscribers, one with a data source of type NONE, must be closed to clients: "
            "open to IAM, or to a group of users, alone."
        ),
        fix="Write @aws_iam behind the mutation in the schema, and grant appsync:GraphQL on it to the fan-out alone.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
        severity=Severity.CRITICAL,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)
