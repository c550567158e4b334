from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.iam import Grant, Statement, grants

_ADMINISTRATORS = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


def _judge(grant: Grant) -> Iterator[Verdict]:
    for arn in grant.managed_policies():
        name = arn.rpartition("/")[2]
        if ":iam::aws:policy/" in arn and (name in _ADMINISTRATORS or name.endswith("FullAccess")):
            yield Violation(
                grant.resource,
                f"the managed policy {name} allows every action of a service, or of all.",
                "Attach a policy of your own, with the actions that the code calls.",
                grant.key,
            )
    for statement in grant.statements():
        if is_whole(statement):
            named = [action for action in statement.actions if action.endswith("*")]
            what = f"allows {', '.join(named)}" if named else "allows all actions but those of NotAction"
            yield Violation(
                grant.resource,
                f"a statement {what}: whoever gets hold of the function's or API's role may do all of it.",
                "List the actions that the code calls.",
                statement.place,
            )


def is_whole(statement: Statement) -> bool:
    """Whether the statement allows every action there is, or every one of a service."""
    return bool(statement.excepted_actions) or any(
        action == "*" or action.endswith(":*") for action in statement.actions
    )


RULE = stack_rule(
    About(
        name="api-least-privilege-actions",
        title="A role may do what its code does",
        description=(
            "The roles of an active/active API's functions, data sources and events must be allowed single actions, "
            "not all of a service."
        ),
        fix="List the actions in the policy, as in ['dynamodb:GetItem', 'dynamodb:PutItem'].",
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
        severity=Severity.HIGH,
    ),
    grants,
    _judge,
)
