from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import Severity

from ..shared.documents import as_list, statements
from ..shared.kinds import ROLE
from ..shared.known import UNKNOWN
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.functions import EdgeFunction, edge_functions

_SERVICES = ("lambda.amazonaws.com", "edgelambda.amazonaws.com")


def _judge(edge: EdgeFunction) -> Iterator[Verdict]:
    given = edge.function.peek("role")
    roles = edge.function.sources("role", ROLE, value=given)
    if len(roles) == 1:
        yield from _judge_trust(edge, roles[0])
    elif given:
        which = "is not known yet" if given is UNKNOWN else "is no resource of this stack"
        yield Undecided(edge.function, f"its role {which}, so whom it trusts cannot be read.", "role")


def _judge_trust(edge: EdgeFunction, role: Resource) -> Iterator[Verdict]:
    document = role.read("assumeRolePolicy")
    trusted = {
        service for each in statements(document, "assumeRolePolicy") for service in _SERVICES if _lets_in(each, service)
    }
    missing = [service for service in _SERVICES if service not in trusted]
    if missing:
        yield Violation(
            role,
            f"Function '{edge.function.name}', which Distribution '{edge.distribution}' carries, has this role, and it "
            f"does not trust {' and '.join(missing)}: CloudFront refuses the association.",
            f"Allow sts:AssumeRole to the services {' and '.join(_SERVICES)} in assume_role_policy.",
            "assumeRolePolicy",
        )


def _lets_in(statement: Mapping[str, Any], service: str) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    # Actions ignore case and take wildcards: "Action" in the IAM JSON policy elements reference.
    if not any(fnmatchcase("sts:assumerole", str(each).lower()) for each in as_list(statement.get("Action"))):
        return False
    principal = statement.get("Principal")
    return principal == "*" or (isinstance(principal, Mapping) and service in as_list(principal.get("Service")))


RULE = stack_rule(
    About(
        name="lambda-edge-role",
        title="CloudFront may use the roles of edge functions",
        description=(
            "The role of a Lambda function that CloudFront runs must trust lambda.amazonaws.com and "
            "edgelambda.amazonaws.com."
        ),
        fix='Name both services in the role\'s assume_role_policy, as Principal: {"Service": [...]}.',
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html",
        severity=Severity.HIGH,
    ),
    edge_functions,
    _judge,
)
