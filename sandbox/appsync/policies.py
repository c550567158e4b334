"""What a principal may do, by the IAM policies that AWS holds for it.

Source: "Policy evaluation logic" in the IAM User Guide, of which identity-based policies are what AppSync needs.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from sandbox.control_plane import ControlPlane
from sandbox.roles import ROOT


class ConditionError(Exception):
    """A statement that decides has a condition, which the sandbox does not evaluate."""


@dataclass(frozen=True)
class Permissions:
    """The statements of a principal's policies."""

    statements: tuple[dict[str, Any], ...]

    def allow(self, action: str, resource: str) -> bool:
        """Some statement allows it and none denies it.

        Raises:
            ConditionError: that depends on a condition.
        """
        fitting = [each for each in self.statements if _fits(each, action, resource)]
        for statement in fitting:
            if statement.get("Condition"):
                raise ConditionError(
                    f"the sandbox does not evaluate conditions of IAM policies, and that of {action} on {resource} "
                    f"has {json.dumps(statement['Condition'])}"
                )
        effects = {statement["Effect"] for statement in fitting}
        return effects == {"Allow"}


EVERYTHING = Permissions(({"Effect": "Allow", "Action": "*", "Resource": "*"},))


async def permissions(control_plane: ControlPlane, principal_arn: str) -> Permissions:
    """The permissions of a role, inline and attached ones, or of the account's root; a role that is gone has none."""
    if principal_arn == ROOT:
        return EVERYTHING
    name = principal_arn.rpartition("/")[2]
    return await control_plane.read("iam", ("permissions", name), lambda: _read(control_plane, name))


def _read(control_plane: ControlPlane, role: str) -> Permissions:
    iam = control_plane.clients("iam")
    try:
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
        for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            arn = attached["PolicyArn"]
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            documents.append(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return Permissions(())
        raise
    return Permissions(tuple(statement for document in documents for statement in _statements(document)))


def _statements(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, str):
        document = json.loads(unquote(document))
    return list(_listed(document["Statement"]))


def _fits(statement: dict[str, Any], action: str, resource: str) -> bool:
    # Names of actions have no case, those of resources have.
    actions = [_pattern(name, re.IGNORECASE) for name in _listed(statement.get("Action", statement.get("NotAction")))]
    resources = [_pattern(name) for name in _listed(statement.get("Resource", statement.get("NotResource")))]
    return (any(p.fullmatch(action) for p in actions) == ("Action" in statement)) and (
        any(p.fullmatch(resource) for p in resources) == ("Resource" in statement)
    )


@cache
def _pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """`*` stands for any characters and `?` for one, as in IAM's elements."""
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in text), flags | re.DOTALL)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
