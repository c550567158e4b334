"""Route 53: hosted zones and their records."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Boxed, Change, DnsName, Field, Many, Single, Tags, Wrapped, outputs, shape
from sandbox.provider.resource import (
    IDENTITY,
    Aws,
    Properties,
    Resource,
    ResourceError,
    found,
    remove,
    tag_changes,
    touched,
)

_NAME = DnsName()
_APEX_TYPES = ("NS", "SOA")
_ZONE = "hostedzone"


def tags(aws: Aws, kind: str, id_: str) -> dict[str, str]:
    """The tags of a `hostedzone` or a `healthcheck`."""
    answer = aws("route53").list_tags_for_resource(ResourceType=kind, ResourceId=id_)
    return {tag["Key"]: tag["Value"] for tag in answer["ResourceTagSet"]["Tags"]}


def tag(aws: Aws, kind: str, id_: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Brings the tags of a `hostedzone` or a `healthcheck` from the old to the new."""
    added, removed = tag_changes(old, new)
    change = ({"AddTags": Tags().encode(added)} if added else {}) | ({"RemoveTagKeys": removed} if removed else {})
    if change:
        aws("route53").change_tags_for_resource(ResourceType=kind, ResourceId=id_, **change)


class Zone(Resource):
    """A public hosted zone, told from others of its name by its caller reference."""

    token = "aws:route53/zone:Zone"
    regional = False
    shape = shape(
        Field("name", "Name", _NAME, replaces=True),
        Field("comment", "HostedZoneConfig.Comment", default="Managed by Pulumi"),
        Field("forceDestroy", default=False),
        Field("tags", kind=Tags(), default={}),
        *outputs("arn", "zoneId", "nameServers", "primaryNameServer"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = self.shape.encode(inputs) | {"CallerReference": inputs[IDENTITY]}
        return _zone_id(aws("route53").create_hosted_zone(**wanted)["HostedZone"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        tag(aws, _ZONE, id_, {}, inputs.get("tags", {}))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("route53").get_hosted_zone, Id=id_)
        if answer is None:
            return None
        zone = answer["HostedZone"]
        servers = [name.removesuffix(".") for name in answer["DelegationSet"]["NameServers"]]
        decoded = self.shape.decode(zone | {"HostedZoneConfig": zone.get("Config", {})})
        return decoded | {
            "tags": tags(aws, _ZONE, id_),
            "arn": f"arn:aws:route53:::hostedzone/{id_}",
            "zoneId": id_,
            "nameServers": sorted(servers),
            "primaryNameServer": servers[0],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        if touched(changes, "comment"):
            comment = self.shape.encode(inputs)["HostedZoneConfig"]["Comment"]
            aws("route53").update_hosted_zone_comment(Id=id_, Comment=comment)
        if touched(changes, "tags"):
            tag(aws, _ZONE, id_, tags(aws, _ZONE, id_), inputs.get("tags", {}))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        if known.get("forceDestroy"):
            self._empty(aws, id_, known["name"])
        remove(aws("route53").delete_hosted_zone, Id=id_)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        for page in aws("route53").get_paginator("list_hosted_zones").paginate():
            for zone in page["HostedZones"]:
                if zone["CallerReference"] == inputs[IDENTITY]:
                    return _zone_id(zone)
        return None

    @staticmethod
    def _empty(aws: Aws, id_: str, name: str) -> None:
        pages = aws("route53").get_paginator("list_resource_record_sets").paginate(HostedZoneId=id_)
        doomed = [
            {"Action": "DELETE", "ResourceRecordSet": record}
            for page in pages
            for record in page["ResourceRecordSets"]
            if not (record["Type"] in _APEX_TYPES and _NAME.same(record["Name"], name))
        ]
        if doomed:
            aws("route53").change_resource_record_sets(HostedZoneId=id_, ChangeBatch={"Changes": doomed})


class Record(Resource):
    """A record set: all answers of one name, type and set identifier."""

    token = "aws:route53/record:Record"
    regional = False
    shape = shape(
        Field("zoneId", replaces=True),
        Field("name", "Name", _NAME, replaces=True),
        Field("type", "Type", replaces=True),
        Field("setIdentifier", "SetIdentifier", replaces=True),
        Field("ttl", "TTL"),
        Field("records", "ResourceRecords", Many(Boxed("Value"), ordered=False)),
        Field(
            "aliases",
            "AliasTarget",
            Single(
                shape(
                    Field("name", "DNSName", _NAME),
                    Field("zoneId", "HostedZoneId"),
                    Field("evaluateTargetHealth", "EvaluateTargetHealth", default=False),
                )
            ),
        ),
        Field("latencyRoutingPolicies", "Region", Wrapped("region")),
        Field("weightedRoutingPolicies", "Weight", Wrapped("weight")),
        Field("failoverRoutingPolicies", "Failover", Wrapped("type")),
        Field("multivalueAnswerRoutingPolicy", "MultiValueAnswer"),
        Field("healthCheckId", "HealthCheckId"),
        Field("allowOverwrite", default=False),
        *outputs("fqdn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        parts = [inputs["zoneId"], _NAME.decode(inputs["name"]).lower(), inputs["type"]]
        return "_".join(parts + ([inputs["setIdentifier"]] if "setIdentifier" in inputs else []))

    def create(self, aws: Aws, inputs: Properties) -> str:
        self._change(aws, inputs, "UPSERT" if inputs.get("allowOverwrite") else "CREATE")
        return str(self.identity(inputs))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        record = self._get(aws, id_, known)
        if record is None:
            return None
        return self.shape.decode(record) | {
            "zoneId": id_.partition("_")[0],
            "fqdn": record["Name"].removesuffix("."),
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        self._change(aws, inputs, "UPSERT")

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        record = self._get(aws, id_, known)
        if record is not None:
            aws("route53").change_resource_record_sets(
                HostedZoneId=known["zoneId"],
                ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]},
            )

    def _change(self, aws: Aws, inputs: Properties, action: str) -> None:
        aws("route53").change_resource_record_sets(
            HostedZoneId=inputs["zoneId"],
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": self.shape.encode(inputs)}]},
        )

    def _get(self, aws: Aws, id_: str, known: Properties) -> Any:
        zone, name, kind, *identifier = id_.split("_") if "name" not in known else self._key(known)
        start = {"StartRecordName": name, "StartRecordType": kind}
        if identifier:
            start["StartRecordIdentifier"] = identifier[0]
        answer = found(aws("route53").list_resource_record_sets, HostedZoneId=zone, MaxItems="1", **start) or {
            "ResourceRecordSets": []
        }
        for record in answer["ResourceRecordSets"]:
            if self._key({**self.shape.decode(record), "zoneId": zone}) == [zone, name, kind, *identifier]:
                return record
        return None

    @staticmethod
    def _key(inputs: Properties) -> list[str]:
        identifier = [inputs["setIdentifier"]] if inputs.get("setIdentifier") else []
        return [inputs["zoneId"], _NAME.decode(inputs["name"]).lower(), inputs["type"], *identifier]


def get_zone(aws: Aws, args: Properties) -> Properties:
    """The hosted zone of an id or a name.

    Raises:
        ResourceError: there is none, or more than one.
    """
    if "zoneId" in args:
        zones = [found(aws("route53").get_hosted_zone, Id=args["zoneId"]) or {}]
        matches = [answer["HostedZone"] for answer in zones if answer]
    else:
        pages = aws("route53").get_paginator("list_hosted_zones").paginate()
        matches = [
            zone
            for page in pages
            for zone in page["HostedZones"]
            if _NAME.same(zone["Name"], args["name"])
            and zone["Config"]["PrivateZone"] == args.get("privateZone", False)
        ]
    if len(matches) != 1:
        wanted = args.get("zoneId") or args.get("name")
        raise ResourceError(f"{len(matches) or 'no'} hosted zones match {wanted}: one must")
    zone, id_ = matches[0], _zone_id(matches[0])
    details = Zone().read(aws, id_, {}) or {}
    return {
        "id": id_,
        "zoneId": id_,
        "name": details["name"],
        "arn": details["arn"],
        "comment": details.get("comment", ""),
        "callerReference": zone["CallerReference"],
        "privateZone": zone["Config"]["PrivateZone"],
        "nameServers": details["nameServers"],
        "primaryNameServer": details["primaryNameServer"],
        "resourceRecordSetCount": zone["ResourceRecordSetCount"],
        "tags": details["tags"],
    }


def _zone_id(zone: dict[str, Any]) -> str:
    return str(zone["Id"]).rpartition("/")[2]
