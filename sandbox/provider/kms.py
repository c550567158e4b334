"""KMS: keys."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, JsonText, Mapping, outputs, shape
from sandbox.provider.resource import (
    IDENTITY,
    IDENTITY_TAG,
    Aws,
    Properties,
    Resource,
    found,
    identity_tag,
    remove,
    tag_changes,
    touched,
    without_identity,
)

_PENDING = "PendingDeletion"
_LONGEST_WINDOW = 30  # days; the provider's own default


class Key(Resource):
    """A symmetric key, told from others by a tag."""

    token = "aws:kms/key:Key"
    shape = shape(
        Field("region", replaces=True),
        Field("description", "Description", computed=True),
        Field("policy", "Policy", JsonText(), computed=True),
        Field("enableKeyRotation", default=False),
        Field("deletionWindowInDays"),
        Field("tags", kind=Mapping(), default={}),
        *outputs("arn", "keyId"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        tags = _encoded(identity_tag(inputs))
        return str(aws("kms").create_key(**self.shape.encode(inputs), Tags=tags)["KeyMetadata"]["KeyId"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        self._rotate(aws, id_, inputs)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        kms = aws("kms")
        answer = found(kms.describe_key, KeyId=id_)
        if answer is None or answer["KeyMetadata"]["KeyState"] == _PENDING:
            return None
        key = answer["KeyMetadata"]
        policy = kms.get_key_policy(KeyId=id_, PolicyName="default")["Policy"]
        return self.shape.decode(key | {"Policy": policy}) | {
            "region": aws.region,
            "enableKeyRotation": kms.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"],
            "tags": without_identity(_tags(kms, id_)),
            "arn": key["Arn"],
            "keyId": id_,
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        kms = aws("kms")
        if touched(changes, "description"):
            kms.update_key_description(KeyId=id_, Description=inputs.get("description", ""))
        if touched(changes, "policy"):
            kms.put_key_policy(KeyId=id_, PolicyName="default", Policy=inputs["policy"])
        if touched(changes, "enableKeyRotation"):
            self._rotate(aws, id_, inputs)
        if touched(changes, "tags"):
            added, removed = tag_changes(_tags(kms, id_), inputs.get("tags", {}))
            if removed:
                kms.untag_resource(KeyId=id_, TagKeys=removed)
            if added:
                kms.tag_resource(KeyId=id_, Tags=_encoded(added))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        """KMS deletes no key at once: it is unusable from now on."""
        if self.read(aws, id_, known) is not None:
            days = int(known.get("deletionWindowInDays") or _LONGEST_WINDOW)
            remove(aws("kms").schedule_key_deletion, KeyId=id_, PendingWindowInDays=days)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        kms = aws("kms")
        for page in kms.get_paginator("list_keys").paginate():
            for key in page["Keys"]:
                if _tags(kms, key["KeyId"]).get(IDENTITY_TAG) == inputs[IDENTITY]:
                    return str(key["KeyId"]) if self.read(aws, key["KeyId"], inputs) is not None else None
        return None

    @staticmethod
    def _rotate(aws: Aws, id_: str, inputs: Properties) -> None:
        kms = aws("kms")
        if inputs.get("enableKeyRotation"):
            kms.enable_key_rotation(KeyId=id_)
        else:
            kms.disable_key_rotation(KeyId=id_)


def _tags(kms: Any, id_: str) -> dict[str, str]:
    answer = found(kms.list_resource_tags, KeyId=id_) or {"Tags": []}
    return {tag["TagKey"]: tag["TagValue"] for tag in answer["Tags"]}


def _encoded(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
