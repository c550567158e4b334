"""DynamoDB: tables."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider import table_replicas
from sandbox.provider.fields import Change, Field, Keyed, Many, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, ResourceError, found, remove, touched, wait_until

_THROUGHPUT = (
    Field("readCapacity", "ProvisionedThroughput.ReadCapacityUnits"),
    Field("writeCapacity", "ProvisionedThroughput.WriteCapacityUnits"),
)
_KEYS = Many(shape(Field("attributeName", "AttributeName"), Field("keyType", "KeyType")))
_PROJECTION = (
    Field("projectionType", "Projection.ProjectionType"),
    Field("nonKeyAttributes", "Projection.NonKeyAttributes", Many(ordered=False)),
)
_GLOBAL_INDEX = shape(Field("name", "IndexName"), Field("keySchemas", "KeySchema", _KEYS), *_PROJECTION, *_THROUGHPUT)
_LOCAL_INDEX = shape(Field("name", "IndexName"), Field("keySchemas", "KeySchema", _KEYS), *_PROJECTION)


class Table(Resource):
    """A table with its indexes, backups, stream and expiry, and its replicas in other regions."""

    token = "aws:dynamodb/table:Table"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "TableName", replaces=True),
        Field(
            "attributes",
            "AttributeDefinitions",
            Keyed(shape(Field("name", "AttributeName"), Field("type", "AttributeType"))),
        ),
        Field("hashKey", replaces=True),
        Field("rangeKey", replaces=True),
        Field("billingMode", "BillingMode", default="PROVISIONED"),
        *_THROUGHPUT,
        Field("globalSecondaryIndexes", "GlobalSecondaryIndexes", Keyed(_GLOBAL_INDEX)),
        Field("localSecondaryIndexes", "LocalSecondaryIndexes", Keyed(_LOCAL_INDEX), replaces=True),
        Field("streamEnabled", "StreamSpecification.StreamEnabled", default=False),
        Field("streamViewType", "StreamSpecification.StreamViewType"),
        Field("tableClass", "TableClass", default="STANDARD"),
        Field("deletionProtectionEnabled", "DeletionProtectionEnabled", default=False),
        Field(
            "serverSideEncryption",
            "SSESpecification",
            shape(Field("enabled", "Enabled", default=False), Field("kmsKeyArn", "KMSMasterKeyId", computed=True)),
            computed=True,
        ),
        Field(
            "pointInTimeRecovery",
            kind=shape(
                Field("enabled", "PointInTimeRecoveryEnabled"),
                Field("recoveryPeriodInDays", "RecoveryPeriodInDays", computed=True),
            ),
            computed=True,
        ),
        Field(
            "ttl",
            kind=shape(Field("attributeName", "AttributeName"), Field("enabled", "Enabled", default=True)),
        ),
        Field("replicas", kind=table_replicas.REPLICAS, default=[]),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn", "streamArn", "streamLabel"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        table_replicas.require_one_a_region(inputs.get("replicas", []))
        wanted = self.shape.encode(inputs)
        wanted["KeySchema"] = [{"AttributeName": inputs["hashKey"], "KeyType": "HASH"}]
        if "rangeKey" in inputs:
            wanted["KeySchema"].append({"AttributeName": inputs["rangeKey"], "KeyType": "RANGE"})
        if not wanted["Tags"]:
            del wanted["Tags"]
        return str(aws("dynamodb").create_table(**wanted)["TableDescription"]["TableName"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        self._settle(aws, id_)
        if "pointInTimeRecovery" in inputs:
            self._back_up(aws, id_, inputs)
        if "ttl" in inputs:
            self._expire(aws, id_, inputs["ttl"])
        if inputs.get("replicas"):
            table_replicas.bring_about(aws, id_, inputs["replicas"], inputs.get("tags", {}))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        api = aws("dynamodb")
        answer = found(api.describe_table, TableName=id_)
        if answer is None or answer["Table"]["TableStatus"] == "DELETING":
            return None
        table = answer["Table"]
        backups = api.describe_continuous_backups(TableName=id_)["ContinuousBackupsDescription"]
        recovery = backups.get("PointInTimeRecoveryDescription", {})
        keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
        properties = self.shape.decode(
            _as_requested(table) | {"Tags": api.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]}
        )
        properties |= {
            "region": aws.region,
            "hashKey": keys["HASH"],
            "pointInTimeRecovery": {"enabled": recovery.get("PointInTimeRecoveryStatus") == "ENABLED"},
            "arn": table["TableArn"],
        }
        properties["replicas"] = table_replicas.read(aws, table, properties["tags"], known.get("replicas", []))
        if "RANGE" in keys:
            properties["rangeKey"] = keys["RANGE"]
        if "RecoveryPeriodInDays" in recovery:
            properties["pointInTimeRecovery"]["recoveryPeriodInDays"] = recovery["RecoveryPeriodInDays"]
        ttl = api.describe_time_to_live(TableName=id_)["TimeToLiveDescription"]
        is_expiring = ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        properties["ttl"] = {"attributeName": ttl["AttributeName"], "enabled": True} if is_expiring else {}
        if table.get("StreamSpecification", {}).get("StreamEnabled"):
            properties |= {"streamArn": table["LatestStreamArn"], "streamLabel": table["LatestStreamLabel"]}
        return properties

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        api, wanted = aws("dynamodb"), self.shape.encode(inputs)
        for names, members in _UPDATES:
            if touched(changes, *names):
                # AWS takes one kind of change a call.
                api.update_table(TableName=id_, **{member: wanted[member] for member in members if member in wanted})
                self._settle(aws, id_)
        if touched(changes, "streamEnabled", "streamViewType"):
            self._stream(aws, id_, wanted["StreamSpecification"])
        if touched(changes, "globalSecondaryIndexes"):
            self._reindex(aws, id_, wanted)
        if touched(changes, "pointInTimeRecovery"):
            self._back_up(aws, id_, inputs)
        if touched(changes, "ttl"):
            self._expire(aws, id_, inputs.get("ttl"))
        if touched(changes, "tags"):
            arn = api.describe_table(TableName=id_)["Table"]["TableArn"]
            table_replicas.retag(api, arn, inputs.get("tags", {}))
        if touched(changes, "replicas", "tags"):
            table_replicas.bring_about(aws, id_, inputs.get("replicas", []), inputs.get("tags", {}))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        answer = found(aws("dynamodb").describe_table, TableName=id_)
        if answer is not None and answer["Table"].get("DeletionProtectionEnabled"):
            # AWS would say so too, but only when the replicas have gone.
            raise ResourceError(
                f"the table {id_} is protected against deletion; deploy it without deletionProtectionEnabled first"
            )
        if answer is not None:
            table_replicas.remove_all(aws, answer["Table"])
        remove(aws("dynamodb").delete_table, TableName=id_)
        wait_until(lambda: found(aws("dynamodb").describe_table, TableName=id_) is None, f"the table {id_} is gone")

    def unsettled(self, changes: dict[str, Change]) -> tuple[str, ...]:
        stream = ("streamArn", "streamLabel") if touched(changes, "streamEnabled", "streamViewType") else ()
        is_anew = bool(stream) or any(path.endswith(".consistencyMode") for path in changes)
        return (*stream, "replicas") if is_anew else ()

    @staticmethod
    def _settle(aws: Aws, name: str) -> None:
        def is_active() -> bool:
            table = aws("dynamodb").describe_table(TableName=name)["Table"]
            indexes = table.get("GlobalSecondaryIndexes", [])
            are_built = all(index["IndexStatus"] == "ACTIVE" for index in indexes)
            return table["TableStatus"] == "ACTIVE" and are_built and table_replicas.are_active(table)

        wait_until(is_active, f"the table {name} is active")

    def _reindex(self, aws: Aws, name: str, wanted: Properties) -> None:
        """Removes, then makes, one index after the other, as AWS has it; a changed index is both."""
        api = aws("dynamodb")
        table = api.describe_table(TableName=name)["Table"]
        present = {i["IndexName"]: _GLOBAL_INDEX.decode(i) for i in table.get("GlobalSecondaryIndexes", [])}
        target = {i["IndexName"]: i for i in wanted.get("GlobalSecondaryIndexes", [])}
        kept = {
            key
            for key, index in present.items()
            if _GLOBAL_INDEX.same(_GLOBAL_INDEX.decode(target.get(key, {})), index)
        }
        steps = [{"Delete": {"IndexName": key}} for key in present if key not in kept]
        steps += [{"Create": index} for key, index in target.items() if key not in kept]
        for step in steps:
            api.update_table(
                TableName=name,
                AttributeDefinitions=wanted["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[step],
            )
            self._settle(aws, name)

    def _stream(self, aws: Aws, name: str, wanted: Properties) -> None:
        """Turns the stream off, then on: AWS changes none that is on."""
        api = aws("dynamodb")
        present = api.describe_table(TableName=name)["Table"].get("StreamSpecification", {})
        steps = [{"StreamEnabled": False}] if present.get("StreamEnabled") else []
        steps += [wanted] if wanted["StreamEnabled"] else []
        for step in steps:
            api.update_table(TableName=name, StreamSpecification=step)
            self._settle(aws, name)

    def _back_up(self, aws: Aws, name: str, inputs: Properties) -> None:
        given = inputs.get("pointInTimeRecovery", {"enabled": False})
        aws("dynamodb").update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification=self.shape.fields["pointInTimeRecovery"].kind.encode(given),
        )

    @staticmethod
    def _expire(aws: Aws, name: str, ttl: Any) -> None:
        api = aws("dynamodb")
        if ttl is None:
            present = api.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            ttl = {"attributeName": present.get("AttributeName"), "enabled": False}
        api.update_time_to_live(
            TableName=name,
            TimeToLiveSpecification={
                "AttributeName": ttl["attributeName"],
                "Enabled": ttl.get("enabled", True),
            },
        )


_UPDATES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("billingMode", "readCapacity", "writeCapacity"),
        ("BillingMode", "ProvisionedThroughput", "AttributeDefinitions"),
    ),
    (("serverSideEncryption",), ("SSESpecification",)),
    (("tableClass",), ("TableClass",)),
    (("deletionProtectionEnabled",), ("DeletionProtectionEnabled",)),
)


def _as_requested(table: dict[str, Any]) -> dict[str, Any]:
    """A table's description in the members of a request."""
    on_demand = table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
    described = dict(table)
    described["BillingMode"] = "PAY_PER_REQUEST" if on_demand else "PROVISIONED"
    described["TableClass"] = table.get("TableClassSummary", {}).get("TableClass", "STANDARD")
    if encryption := table.get("SSEDescription"):
        described["SSESpecification"] = {
            "Enabled": encryption.get("Status") in ("ENABLED", "ENABLING"),
            "KMSMasterKeyId": encryption.get("KMSMasterKeyArn"),
        }
    if on_demand:  # AWS states zero units, which nobody asked for
        described.pop("ProvisionedThroughput", None)
        described["GlobalSecondaryIndexes"] = [
            {key: value for key, value in index.items() if key != "ProvisionedThroughput"}
            for index in table.get("GlobalSecondaryIndexes", [])
        ]
    return described
