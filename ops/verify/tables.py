"""The tables of each region: its own, or its replicas of all regions' tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.site import Site

_ABSENT = "ResourceNotFoundException"
_WAIT = "Wait for what is being made. For what is missing, run antipodes refresh, then antipodes up."
_IMAGES = "NEW_AND_OLD_IMAGES"


def judge(name: str, table: Mapping[str, Any] | None, status: str | None) -> Iterator[Fault]:
    """`table` as the region describes it, None where it has none; `status` of the replica there as its table's home
    region tells it, None where there is no replica to tell of.
    """
    if table is None:
        yield Fault(f"{name} is not there", _WAIT)
        return
    if (found := table["TableStatus"]) != "ACTIVE":
        yield Fault(f"{name} is {found}", _WAIT)
    elif status not in (None, "ACTIVE"):
        yield Fault(f"{name} is no replica of the others: its home says {status}", _WAIT)


def judge_stream(name: str, table: Mapping[str, Any] | None) -> Iterator[Fault]:
    """Of a table whose changes are published."""
    stream = (table or {}).get("StreamSpecification", {})
    if table is not None and (not stream.get("StreamEnabled") or stream.get("StreamViewType") != _IMAGES):
        yield Fault(f"{name} has no stream of new and old images: its changes are told to nobody")


def described(site: Site, key: str, name: str) -> Mapping[str, Any] | None:
    """A region's own description of its table, None where it has none; asked for once."""

    def read() -> Mapping[str, Any] | None:
        try:
            return dict(site.client("dynamodb", site.region(key)).describe_table(TableName=name)["Table"])
        except ClientError as error:
            if error.response["Error"]["Code"] != _ABSENT:
                raise
            return None

    return site.once(f"table {key} {name}", read)


def names(site: Site) -> list[str]:
    """The physical names of the API's tables and the project's own."""
    canary = site.outputs.get("canaryTable")
    return [*site.told("tables").values(), *([canary] if canary else [])]


def _check(site: Site, key: str) -> Iterator[Fault]:
    for name in names(site):
        yield from judge(name, described(site, key, name), _replica_status(site, key, name))


def _replica_status(site: Site, key: str, name: str) -> str | None:
    home = site.outputs.get("home")
    if site.outputs["data"] != "replicated" or key == home:
        return None
    try:
        table = described(site, str(home), name)
    except Exception:  # noqa: BLE001 - the home region's fault, and told as that
        return None
    if table is None:
        return None
    replicas = {each["RegionName"]: each.get("ReplicaStatus", "ACTIVE") for each in table.get("Replicas", ())}
    return str(replicas.get(site.region(key), "it has no replica here"))


LINK = Link("tables", "every table is active, and a replica of the others, in every region", in_region=_check)
