"""Defects of DNS: the hosted zone's records."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.ops.defects.defect import Defect, Plant, Stack


def records(stack: Stack, name: str) -> list[dict[str, Any]]:
    found = stack.client("route53").list_resource_record_sets(HostedZoneId=stack.outputs["zoneId"])
    return [each for each in found["ResourceRecordSets"] if each["Name"] == f"{name}."]


def change(stack: Stack, *changes: tuple[str, Mapping[str, Any]]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    stack.client("route53").change_resource_record_sets(HostedZoneId=stack.outputs["zoneId"], ChangeBatch=batch)


def latency(**other: Any) -> Plant:
    """Sydney's latency record with something else in it; None takes a part out."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        [old] = [each for each in records(stack, stack.outputs["latencyRecord"]) if each["SetIdentifier"] == "sydney"]
        new = {name: value for name, value in {**old, **other}.items() if value is not None}
        change(stack, ("DELETE", old), ("CREATE", new))
        try:
            yield
        finally:
            change(stack, ("DELETE", new), ("CREATE", old))

    return plant


def without(label: str) -> Plant:
    """The first record of a name, or Sydney's, is deleted."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        found = records(stack, f"{label}.{stack.domain}")
        old = next((each for each in found if each.get("SetIdentifier") == "sydney"), found[0])
        change(stack, ("DELETE", old))
        try:
            yield
        finally:
            change(stack, ("CREATE", old))

    return plant


def beside(**record: Any) -> Plant:
    """One more record of the name of the latency records."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        new = {"Name": stack.outputs["latencyRecord"], "Type": "CNAME", "TTL": 60, **record}
        change(stack, ("CREATE", new))
        try:
            yield
        finally:
            change(stack, ("DELETE", new))

    return plant


def leading(label: str, target: str) -> Plant:
    """A name that leads somewhere else."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        [old] = records(stack, f"{label}.{stack.domain}")
        change(stack, ("UPSERT", {**old, "ResourceRecords": [{"Value": target}]}))
        try:
            yield
        finally:
            change(stack, ("UPSERT", old))

    return plant


_ELSEWHERE = "d111111abcdef8.cloudfront.net"
_SAYS = {"ResourceRecords": [{"Value": "ireland"}]}

DEFECTS = (
    Defect("a record with another region's key", latency(**_SAYS), "latency records", "sydney", "says ireland"),
    Defect("a record of another AWS region", latency(Region="us-west-2"), "latency records", "sydney", "for us-west-2"),
    Defect("a record that is kept for long", latency(TTL=300), "latency records", "sydney", "a TTL of 300 s"),
    Defect("a record that is gone", without("latency-routing"), "latency records", "sydney", "no record for sydney"),
    Defect("a simple record beside", beside(**_SAYS), "latency records", None, "a simple CNAME record", "Delete that"),
    Defect(
        "a record of a region that there is not",
        beside(SetIdentifier="tokyo", Region="ap-northeast-1", ResourceRecords=[{"Value": "tokyo"}]),
        "latency records",
        None,
        "a record tokyo",
        "Delete that",
    ),
    Defect("a global name that leads elsewhere", leading("global-api", _ELSEWHERE), "global name", None, _ELSEWHERE),
    Defect("a global name that is gone", without("global-api"), "global name", None, "has no record"),
    Defect(
        "a region's name that leads elsewhere",
        leading("sydney-appsync", _ELSEWHERE),
        "regional host",
        "sydney",
        _ELSEWHERE,
    ),
    Defect("a region's name that is gone", without("sydney-appsync"), "regional host", "sydney", "has no record"),
    Defect("a default origin that is gone", without("default-origin"), "distribution", None, "does not resolve"),
)
