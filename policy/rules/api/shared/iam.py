"""IAM policies as the rules see them: their statements, and the roles of what the active/active design runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...shared import documents
from ...shared.design import is_active_active
from ...shared.kinds import DATA_SOURCE, EVENT_TARGET, FUNCTION, GRAPHQL_API, ROLE
from ...shared.known import NotKnownError, Properties
from ...shared.rule import Subject
from ...shared.stack import Resource, Stack

POLICY = "aws:iam/policy:Policy"
_INLINE = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

# What runs with a role, and the property that names it.
_BEARERS = {FUNCTION: "role", GRAPHQL_API: "logConfig", DATA_SOURCE: "serviceRoleArn", EVENT_TARGET: "roleArn"}


@dataclass(frozen=True)
class Statement:
    """A statement that allows something.

    Attributes:
        resource: what the statement is written in.
        place: the property.
        actions: lower-case; empty where the statement says NotAction.
        excepted_actions: those of NotAction.
        resources: empty where the statement says NotResource.
        principals: "*" and the names of accounts, users and roles; services are none.
        conditions: the keys that its conditions compare, lower-case.
    """

    resource: Resource
    place: str
    actions: tuple[str, ...]
    excepted_actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    conditions: frozenset[str]


@dataclass(frozen=True)
class Grant:
    """Something that gives a role permissions.

    Attributes:
        resource: a policy, an attachment, or the role itself.
        properties: of the resource, or of one of the role's inline policies.
        key: the property that holds the policy's text or the ARNs of managed policies.
    """

    resource: Resource
    properties: Properties
    key: str

    def statements(self) -> list[Statement]:
        """What the policy allows, where it is one.

        Raises:
            NotKnownError: its text is not known yet.
        """
        return statements(self.resource, self.properties, self.key) if self.key == "policy" else []

    def managed_policies(self) -> list[str]:
        """The ARNs of the managed policies that it attaches, as far as they are known, where it is no policy."""
        found = self.properties.peek(self.key) if self.key != "policy" else None
        return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str)]


def statements(resource: Resource, properties: Properties, key: str) -> list[Statement]:
    """The statements that allow something in a policy's text; none where there is no text.

    Raises:
        NotKnownError: the text is not known yet.
    """
    document = properties.read(key)
    place = f"{properties.place}.{key}" if properties.place else key
    if document is None:
        return []
    return [
        Statement(
            resource,
            place,
            tuple(action.lower() for action in _texts(each.get("Action"))),
            tuple(_texts(each.get("NotAction"))),
            tuple(_texts(each.get("Resource"))),
            tuple(_principals(each.get("Principal"))),
            frozenset(condition.lower() for test in _members(each.get("Condition")) for condition in test),
        )
        for each in documents.statements(document, place)
        if each.get("Effect") == "Allow"
    ]


def grants(stack: Stack) -> Iterator[Subject[Grant]]:
    """What gives permissions to the roles of functions, APIs, their data sources and event targets."""
    if not is_active_active(stack):
        return
    roles = {role.urn for kind, key in _BEARERS.items() for each in stack.of(kind) for role in _roles(each, key)}
    for role in stack.of(ROLE):
        if role.urn in roles:
            for inline in _inline(role):
                yield Subject(role, Grant(role, inline, "policy"))
            yield Subject(role, Grant(role, role, "managedPolicyArns"))
    for policy in stack.of(_INLINE):
        if any(role.urn in roles for role in _roles(policy, "role")):
            yield Subject(policy, Grant(policy, policy, "policy"))
    attached: dict[str, Resource] = {}
    for attachment in stack.of(_ATTACHMENT):
        if any(role.urn in roles for role in _roles(attachment, "role")):
            yield Subject(attachment, Grant(attachment, attachment, "policyArn"))
            own = attachment.sources("policyArn", POLICY, value=attachment.peek("policyArn"))
            attached |= {policy.urn: policy for policy in own}
    for policy in attached.values():
        yield Subject(policy, Grant(policy, policy, "policy"))


def _inline(role: Resource) -> list[Properties]:
    try:
        return role.each("inlinePolicies")
    except NotKnownError:
        return []  # AWS fills them in, with what RolePolicy resources say


def _roles(resource: Resource, key: str) -> list[Resource]:
    value = resource.peek(key)
    if isinstance(value, Mapping):
        value = value.get("cloudwatchLogsRoleArn")
    return resource.sources(key, ROLE, value=value)


def _principals(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _texts(value.get("AWS"))
    else:
        yield from _texts(value)


def _members(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value.values() if isinstance(each, Mapping)] if isinstance(value, Mapping) else []


def _texts(value: Any) -> list[str]:
    return [each for each in documents.as_list(value) if isinstance(each, str)]
