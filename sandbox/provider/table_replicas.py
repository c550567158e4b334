"""DynamoDB: the replicas of a global table (version 2019.11.21), in regions other than the table's own.

AWS keeps the rows, the keys, the indexes, the stream, the expiry and the billing of all replicas in step. Backups,
deletion protection and tags are each replica's own and are set in its region (AWS "Managing DynamoDB global tables").
"""

from typing import Any

from sandbox.provider.fields import Field, Keyed, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, ResourceError, found, tag_changes, wait_until

_STRONG = "STRONG"

REPLICAS = Keyed(
    shape(
        Field("regionName"),
        Field("consistencyMode", default="EVENTUAL"),
        Field("deletionProtectionEnabled", default=False),
        Field("pointInTimeRecovery", default=False),
        Field("propagateTags", default=False),
        *outputs("arn", "streamArn", "streamLabel"),
    ),
    key="regionName",
)


def require_one_a_region(replicas: list[Properties]) -> None:
    """Raises `ResourceError` for a region that is given more than once."""
    regions = [replica["regionName"] for replica in replicas]
    if twice := sorted({region for region in regions if regions.count(region) > 1}):
        raise ResourceError(f"the replica {twice[0]} is given more than once; a table has one a region")


def read(aws: Aws, table: dict[str, Any], tags: dict[str, str], known: list[Properties]) -> list[Properties]:
    """The replicas as they are, from the table's description and its tags.

    Nothing at AWS says that tags are propagated: it is so where a replica is known to take the table's, and has them.
    """
    taking = {replica["regionName"] for replica in known if replica.get("propagateTags")}
    mode = table.get("MultiRegionConsistency", "EVENTUAL")
    replicas = []
    for region in _regions(table):
        api = aws("dynamodb", region)
        replica = api.describe_table(TableName=table["TableName"])["Table"]
        own_tags = api.list_tags_of_resource(ResourceArn=replica["TableArn"])["Tags"]
        properties = {
            "regionName": region,
            "consistencyMode": mode,
            "deletionProtectionEnabled": replica.get("DeletionProtectionEnabled", False),
            "pointInTimeRecovery": _is_backed_up(api, table["TableName"]),
            "propagateTags": region in taking and Tags().decode(own_tags) == tags,
            "arn": replica["TableArn"],
        }
        if replica.get("StreamSpecification", {}).get("StreamEnabled"):
            properties |= {"streamArn": replica["LatestStreamArn"], "streamLabel": replica["LatestStreamLabel"]}
        replicas.append(properties)
    return replicas


def bring_about(aws: Aws, name: str, wanted: list[Properties], tags: dict[str, str]) -> None:
    """Removes and makes replicas until they are the wanted ones, and sets what is each one's own.

    A replica of another consistency is made anew: AWS changes that of none.
    """
    require_one_a_region(wanted)
    table = aws("dynamodb").describe_table(TableName=name)["Table"]
    mode = table.get("MultiRegionConsistency", "EVENTUAL")
    modes = {replica["regionName"]: replica.get("consistencyMode", "EVENTUAL") for replica in wanted}
    kept = [region for region in _regions(table) if modes.get(region) == mode]
    _remove(aws, name, [region for region in _regions(table) if region not in kept], mode)
    _add(aws, name, {region: given for region, given in modes.items() if region not in kept})
    for replica in wanted:
        _configure(aws, name, replica, tags)


def remove_all(aws: Aws, table: dict[str, Any]) -> None:
    """Removes every replica: AWS deletes no table from its own region before them."""
    _remove(aws, table["TableName"], _regions(table), table.get("MultiRegionConsistency", "EVENTUAL"))


def are_active(table: dict[str, Any]) -> bool:
    return all(replica.get("ReplicaStatus") == "ACTIVE" for replica in table.get("Replicas", []))


def retag(api: Any, arn: str, tags: dict[str, str]) -> None:
    """Gives these tags, and no others, to the table of this ARN, which lies in the region of `api`."""
    added, removed = tag_changes(Tags().decode(api.list_tags_of_resource(ResourceArn=arn)["Tags"]), tags)
    if removed:
        api.untag_resource(ResourceArn=arn, TagKeys=removed)
    if added:
        api.tag_resource(ResourceArn=arn, Tags=Tags().encode(added))


def _regions(table: dict[str, Any]) -> list[str]:
    return sorted(replica["RegionName"] for replica in table.get("Replicas", []))


def _add(aws: Aws, name: str, modes: dict[str, str]) -> None:
    """One region a call, but all with strong consistency in one, as AWS takes them."""
    strong = [region for region, mode in modes.items() if mode == _STRONG]
    if strong:
        creates = [{"Create": {"RegionName": region}} for region in strong]
        _replicate(aws, name, creates, MultiRegionConsistency=_STRONG)
    for region in modes:
        if region not in strong:
            _replicate(aws, name, [{"Create": {"RegionName": region}}])


def _remove(aws: Aws, name: str, regions: list[str], mode: str) -> None:
    """In the calls in which they were made."""
    deletes = [{"Delete": {"RegionName": region}} for region in regions]
    for updates in [deletes] if mode == _STRONG and deletes else [[delete] for delete in deletes]:
        _replicate(aws, name, updates)


def _replicate(aws: Aws, name: str, updates: list[dict[str, Any]], **settings: Any) -> None:
    api = aws("dynamodb")
    api.update_table(TableName=name, ReplicaUpdates=updates, **settings)
    leaving = {update["Delete"]["RegionName"] for update in updates if "Delete" in update}

    def is_settled() -> bool:
        table = api.describe_table(TableName=name)["Table"]
        return table["TableStatus"] == "ACTIVE" and are_active(table) and not leaving & set(_regions(table))

    wait_until(is_settled, f"the replicas of the table {name} are active")
    for region in leaving:
        gone = aws("dynamodb", region)
        wait_until(
            lambda gone=gone: found(gone.describe_table, TableName=name) is None,  # type: ignore[misc]
            f"the replica of the table {name} in {region} is gone",
        )


def _configure(aws: Aws, name: str, replica: Properties, tags: dict[str, str]) -> None:
    """Sets what is the replica's own, where it is not so yet."""
    api = aws("dynamodb", replica["regionName"])
    table = api.describe_table(TableName=name)["Table"]
    backed_up = replica.get("pointInTimeRecovery", False)
    if _is_backed_up(api, name) != backed_up:
        api.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": backed_up}
        )
    protected = replica.get("deletionProtectionEnabled", False)
    if table.get("DeletionProtectionEnabled", False) != protected:
        api.update_table(TableName=name, DeletionProtectionEnabled=protected)
        wait_until(
            lambda: api.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE",
            f"the replica of the table {name} in {replica['regionName']} is active",
        )
    if replica.get("propagateTags"):
        retag(api, table["TableArn"], tags)


def _is_backed_up(api: Any, name: str) -> bool:
    backups = api.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    return bool(recovery.get("PointInTimeRecoveryStatus") == "ENABLED")
