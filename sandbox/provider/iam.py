"""IAM: roles and their inline policies."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from sandbox.provider.fields import Change, Field, JsonText, Tags, outputs, shape
from sandbox.provider.resource import (
    Aws,
    Properties,
    Resource,
    ResourceError,
    found,
    remove,
    tag_changes,
    touched,
)

_JSON = JsonText()


class Role(Resource):
    """A role and whom it trusts."""

    token = "aws:iam/role:Role"
    auto_name = "name"
    regional = False
    shape = shape(
        Field("name", "RoleName", replaces=True),
        Field("assumeRolePolicy", "AssumeRolePolicyDocument", _JSON),
        Field("description", "Description", default=""),
        Field("path", "Path", default="/", replaces=True),
        Field("maxSessionDuration", "MaxSessionDuration", default=3600),
        Field("permissionsBoundary", "PermissionsBoundary"),
        Field("forceDetachPolicies", default=False),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn", "uniqueId", "createDate"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        return str(aws("iam").create_role(**self.shape.encode(inputs))["Role"]["RoleName"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("iam").get_role, RoleName=id_)
        if answer is None:
            return None
        role = answer["Role"]
        boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        return self.shape.decode(role | {"PermissionsBoundary": boundary}) | {
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
            "createDate": role["CreateDate"].isoformat(),
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        iam, wanted = aws("iam"), self.shape.encode(inputs)
        if touched(changes, "assumeRolePolicy"):
            iam.update_assume_role_policy(RoleName=id_, PolicyDocument=wanted["AssumeRolePolicyDocument"])
        if touched(changes, "description", "maxSessionDuration"):
            iam.update_role(
                RoleName=id_,
                Description=wanted["Description"],
                MaxSessionDuration=wanted["MaxSessionDuration"],
            )
        if touched(changes, "permissionsBoundary"):
            if "PermissionsBoundary" in wanted:
                iam.put_role_permissions_boundary(RoleName=id_, PermissionsBoundary=wanted["PermissionsBoundary"])
            else:
                iam.delete_role_permissions_boundary(RoleName=id_)
        if touched(changes, "tags"):
            present = {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=id_)["Tags"]}
            added, removed = tag_changes(present, inputs.get("tags", {}))
            if removed:
                iam.untag_role(RoleName=id_, TagKeys=removed)
            if added:
                iam.tag_role(RoleName=id_, Tags=Tags().encode(added))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        if known.get("forceDetachPolicies"):
            attached = found(aws("iam").list_attached_role_policies, RoleName=id_) or {"AttachedPolicies": []}
            for policy in attached["AttachedPolicies"]:
                aws("iam").detach_role_policy(RoleName=id_, PolicyArn=policy["PolicyArn"])
        remove(aws("iam").delete_role, RoleName=id_)


class RolePolicy(Resource):
    """A policy that is part of a role."""

    token = "aws:iam/rolePolicy:RolePolicy"
    auto_name = "name"
    regional = False
    shape = shape(
        Field("role", "RoleName", replaces=True),
        Field("name", "PolicyName", replaces=True),
        Field("policy", "PolicyDocument", _JSON),
    )

    def identity(self, inputs: Properties) -> str | None:
        return f"{inputs['role']}:{inputs['name']}"

    def create(self, aws: Aws, inputs: Properties) -> str:
        id_ = f"{inputs['role']}:{inputs['name']}"
        if self.read(aws, id_, inputs) is not None:
            # PutRolePolicy replaces what is there, and so would take over a policy of another's making.
            raise ResourceError(f"the role {inputs['role']} already has a policy {inputs['name']}")
        aws("iam").put_role_policy(**self.shape.encode(inputs))
        return id_

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        role, _, name = id_.partition(":")
        answer = found(aws("iam").get_role_policy, RoleName=role, PolicyName=name)
        return None if answer is None else self.shape.decode(answer)

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        aws("iam").put_role_policy(**self.shape.encode(inputs))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        role, _, name = id_.partition(":")
        remove(aws("iam").delete_role_policy, RoleName=role, PolicyName=name)
