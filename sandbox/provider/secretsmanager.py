"""Secrets Manager: secrets with their replicas, the versions of their values, and random passwords."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, Keyed, Many, Tags, outputs, shape
from sandbox.provider.resource import (
    IDENTITY,
    Aws,
    Properties,
    Resource,
    found,
    remove,
    tag_changes,
    touched,
    wait_until,
)

_REPLICA = shape(
    Field("region", "Region"),
    Field("kmsKeyId", "KmsKeyId"),
    *outputs("status", "statusMessage"),
)


class Secret(Resource):
    """A secret and the regions that hold a replica of it."""

    token = "aws:secretsmanager/secret:Secret"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "Name", replaces=True),
        Field("description", "Description", default=""),
        Field("kmsKeyId", "KmsKeyId"),
        Field("recoveryWindowInDays", default=30),
        Field("forceOverwriteReplicaSecret", default=False),
        Field("replicas", kind=Keyed(_REPLICA, key="region")),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        return str(aws("secretsmanager").create_secret(**self.shape.encode(inputs))["ARN"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        self._replicate(aws, id_, inputs, inputs.get("replicas", []))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        secret = found(aws("secretsmanager").describe_secret, SecretId=id_)
        if secret is None or "DeletedDate" in secret:
            return None
        replicas = [
            _REPLICA.decode(status) | {"status": status["Status"], "statusMessage": status.get("StatusMessage", "")}
            for status in secret.get("ReplicationStatus", [])
        ]
        return self.shape.decode(secret) | {"region": aws.region, "replicas": replicas, "arn": secret["ARN"]}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        api = aws("secretsmanager")
        if touched(changes, "description", "kmsKeyId"):
            key = {"KmsKeyId": inputs["kmsKeyId"]} if "kmsKeyId" in inputs else {}
            api.update_secret(SecretId=id_, Description=inputs.get("description", ""), **key)
        if touched(changes, "replicas"):
            wanted = {replica["region"]: replica for replica in inputs.get("replicas", [])}
            present = self._replicas(aws, id_)
            if gone := [region for region in present if region not in wanted]:
                api.remove_regions_from_replication(SecretId=id_, RemoveReplicaRegions=gone)
            self._replicate(aws, id_, inputs, [r for region, r in wanted.items() if region not in present])
        if touched(changes, "tags"):
            present_tags = Tags().decode(api.describe_secret(SecretId=id_).get("Tags", []))
            added, removed = tag_changes(present_tags, inputs.get("tags", {}))
            if removed:
                api.untag_resource(SecretId=id_, TagKeys=removed)
            if added:
                api.tag_resource(SecretId=id_, Tags=Tags().encode(added))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        if self.read(aws, id_, known) is None:
            return
        api = aws("secretsmanager")
        if present := self._replicas(aws, id_):  # AWS deletes no secret that has replicas
            api.remove_regions_from_replication(SecretId=id_, RemoveReplicaRegions=present)
        window = known.get("recoveryWindowInDays", 30)
        how = {"RecoveryWindowInDays": window} if window else {"ForceDeleteWithoutRecovery": True}
        remove(api.delete_secret, SecretId=id_, **how)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        secret = found(aws("secretsmanager").describe_secret, SecretId=inputs["name"])
        return None if secret is None or "DeletedDate" in secret else str(secret["ARN"])

    @staticmethod
    def _replicas(aws: Aws, id_: str) -> list[str]:
        secret = aws("secretsmanager").describe_secret(SecretId=id_)
        return [status["Region"] for status in secret.get("ReplicationStatus", [])]

    @staticmethod
    def _replicate(aws: Aws, id_: str, inputs: Properties, replicas: list[Any]) -> None:
        if not replicas:
            return
        api = aws("secretsmanager")
        api.replicate_secret_to_regions(
            SecretId=id_,
            AddReplicaRegions=[_REPLICA.encode(replica) for replica in replicas],
            ForceOverwriteReplicaSecret=inputs.get("forceOverwriteReplicaSecret", False),
        )

        def in_sync() -> bool:
            states = api.describe_secret(SecretId=id_).get("ReplicationStatus", [])
            return all(status["Status"] == "InSync" for status in states)

        wait_until(in_sync, f"the replicas of {id_} are in sync")


class SecretVersion(Resource):
    """A value of a secret."""

    token = "aws:secretsmanager/secretVersion:SecretVersion"
    shape = shape(
        Field("region", replaces=True),
        Field("secretId", "SecretId", replaces=True),
        Field("secretString", "SecretString", replaces=True),
        Field("versionStages", "VersionStages", Many(ordered=False), computed=True),
        *outputs("arn", "versionId"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return f"{inputs['secretId']}|{inputs[IDENTITY]}"

    def create(self, aws: Aws, inputs: Properties) -> str:
        # The token of the request becomes the version's id (AWS "PutSecretValue").
        wanted = self.shape.encode(inputs) | {"ClientRequestToken": inputs[IDENTITY]}
        version = aws("secretsmanager").put_secret_value(**wanted)
        return f"{inputs['secretId']}|{version['VersionId']}"

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        secret, _, version = id_.rpartition("|")
        value = found(aws("secretsmanager").get_secret_value, SecretId=secret, VersionId=version)
        if value is None:
            return None
        return self.shape.decode(value) | {
            "region": aws.region,
            "secretId": secret,
            "arn": value["ARN"],
            "versionId": value["VersionId"],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        secret, _, version = id_.rpartition("|")
        api = aws("secretsmanager")
        stages = api.describe_secret(SecretId=secret)["VersionIdsToStages"]
        for stage in inputs.get("versionStages", []):
            holder = next((v for v, labels in stages.items() if stage in labels), None)
            if holder != version:
                origin = {"RemoveFromVersionId": holder} if holder else {}
                api.update_secret_version_stage(SecretId=secret, VersionStage=stage, MoveToVersionId=version, **origin)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        """Takes the version's labels but AWSCURRENT, which AWS leaves to no version but a newer one."""
        secret, _, version = id_.rpartition("|")
        api = aws("secretsmanager")
        described = found(api.describe_secret, SecretId=secret)
        if described is None or "DeletedDate" in described:
            return
        for stage in described["VersionIdsToStages"].get(version, []):
            if stage != "AWSCURRENT":
                api.update_secret_version_stage(SecretId=secret, VersionStage=stage, RemoveFromVersionId=version)


_PASSWORD = shape(
    Field("region"),
    Field("excludeCharacters", "ExcludeCharacters"),
    Field("excludeLowercase", "ExcludeLowercase"),
    Field("excludeNumbers", "ExcludeNumbers"),
    Field("excludePunctuation", "ExcludePunctuation"),
    Field("excludeUppercase", "ExcludeUppercase"),
    Field("includeSpace", "IncludeSpace"),
    Field("passwordLength", "PasswordLength"),
    Field("requireEachIncludedType", "RequireEachIncludedType"),
)


def get_random_password(aws: Aws, args: Properties) -> Properties:
    answer = aws("secretsmanager").get_random_password(**_PASSWORD.encode(args))
    return {**args, "region": aws.region, "id": aws.region, "randomPassword": answer["RandomPassword"]}
