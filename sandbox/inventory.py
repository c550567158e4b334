"""Everything that the embedded AWS holds: what a `down` should have left empty."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from geography import REGIONS
from sandbox.aws import Clients

Listing = Callable[[Any], Iterable[str]]


def list_resources(endpoint: str) -> list[str]:
    """A line a resource of the embedded AWS at `endpoint`: its service, its region and its name."""
    clients = _ClientsOfAllRegions(endpoint)
    found = [f"{service}: {name}" for service, listing in _GLOBAL.items() for name in listing(clients(service))]
    for region in REGIONS:
        for service, listing in _REGIONAL.items():
            found += [f"{service} {region}: {name}" for name in listing(clients(service, region))]
    return found


class _ClientsOfAllRegions:
    """One client a service, since one for each region takes seconds to make. Here, what a call is signed for is all
    that tells its region. A client is for the region that it was last asked for.
    """

    def __init__(self, endpoint: str) -> None:
        self._clients = Clients(endpoint)
        self._regions: dict[str, str] = {}

    def __call__(self, service: str, region: str = "us-east-1") -> Any:
        client = self._clients(service)
        if service not in self._regions:
            client.meta.events.register("before-sign", partial(self._sign, service))
        self._regions[service] = region
        return client

    def _sign(self, service: str, request: Any, **_: Any) -> None:
        request.context["signing"] = {**request.context.get("signing", {}), "region": self._regions[service]}


def _zones(route53: Any) -> Iterable[str]:
    for zone in route53.list_hosted_zones()["HostedZones"]:
        yield f"hosted zone {zone['Name']}"
        for record in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]:
            if record["Type"] not in ("NS", "SOA"):
                yield f"record {record['Name']} {record['Type']} {record.get('SetIdentifier', '')}".rstrip()


def _events(events: Any) -> Iterable[str]:
    for bus in events.list_event_buses()["EventBuses"]:
        if bus["Name"] != "default":  # AWS's own, in every region
            yield f"event bus {bus['Name']}"
        for rule in events.list_rules(EventBusName=bus["Name"])["Rules"]:
            yield f"rule {bus['Name']}/{rule['Name']}"


def _functions(api: Any) -> Iterable[str]:
    yield from (function["FunctionName"] for function in api.list_functions()["Functions"])
    for mapping in api.list_event_source_mappings()["EventSourceMappings"]:
        yield f"event source mapping {mapping['EventSourceArn']} to {mapping['FunctionArn']}"


def _cloudfront(api: Any) -> Iterable[str]:
    yield from (item["Id"] for item in api.list_distributions()["DistributionList"].get("Items", []))
    for function in api.list_functions(Stage="DEVELOPMENT")["FunctionList"].get("Items", []):
        yield f"function {function['Name']}"
    for store in api.list_key_value_stores()["KeyValueStoreList"].get("Items", []):
        yield f"key value store {store['Name']}"


def _cloudwatch(api: Any) -> Iterable[str]:
    alarms = api.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    yield from (alarm["AlarmName"] for kind in ("MetricAlarms", "CompositeAlarms") for alarm in alarms[kind])
    for dashboard in api.list_dashboards()["DashboardEntries"]:
        yield f"dashboard {dashboard['DashboardName']}"


def _keys(api: Any) -> Iterable[str]:
    """Those that can be used: KMS keeps a deleted one for a while."""
    for key in api.list_keys()["Keys"]:
        metadata = api.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if metadata["KeyState"] == "Enabled" and metadata["KeyManager"] == "CUSTOMER":
            yield key["KeyId"]


_GLOBAL: dict[str, Listing] = {
    "route53": _zones,
    "cloudfront": _cloudfront,
    "iam": lambda api: [role["RoleName"] for role in api.list_roles()["Roles"] if not role["Path"].startswith("/aws-")],
}

_REGIONAL: dict[str, Listing] = {
    "acm": lambda api: [c["CertificateArn"] for c in api.list_certificates()["CertificateSummaryList"]],
    "appsync": lambda api: [
        *(a["name"] for a in api.list_graphql_apis()["graphqlApis"]),
        *(d["domainName"] for d in api.list_domain_names()["domainNameConfigs"]),
    ],
    "cloudwatch": _cloudwatch,
    "dynamodb": lambda api: api.list_tables()["TableNames"],
    "events": _events,
    "lambda": _functions,
    "logs": lambda api: [g["logGroupName"] for g in api.describe_log_groups()["logGroups"]],
    "kms": _keys,
    "secretsmanager": lambda api: [s["Name"] for s in api.list_secrets()["SecretList"]],
    "sns": lambda api: [t["TopicArn"] for t in api.list_topics()["Topics"]],
    "sqs": lambda api: api.list_queues().get("QueueUrls", []),
}
