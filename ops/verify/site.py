"""A deployed stack and the ways to look at it: its outputs, AWS's control planes, public DNS and HTTPS."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

import dns.resolver
import urllib3

from ops.deployment import Deployment
from ops.token import read_token

GLOBAL_REGION = "us-east-1"
"""Where AWS keeps what is global, and what CloudFront takes from one region alone."""

_DOWNLOAD_SECONDS = 20.0
T = TypeVar("T")


class UntoldError(Exception):
    """The stack has no such output: it was deployed before there was one."""


class Site:
    """What the links of the chain are read from. What several of them read is read once, by whoever comes first."""

    def __init__(self, deployment: Deployment) -> None:
        self.outputs = deployment.outputs
        self.reach = deployment.reach
        self.clients = deployment.clients
        self.pace = deployment.pace
        self._read: dict[str, Future[Any]] = {}
        self._reading = threading.Lock()

    def client(self, service: str, region: str = GLOBAL_REGION) -> Any:
        return self.clients(service, region)

    def told(self, *path: str) -> Any:
        """The output at `path`.

        Raises:
            UntoldError: the deployment does not tell it.
        """
        value: Any = self.outputs
        for name in path:
            if not isinstance(value, Mapping) or name not in value:
                raise UntoldError(path[0])
            value = value[name]
        return value

    def once(self, what: str, read: Callable[[], T]) -> T:
        """The result of `read`, which runs once for all who ask for `what`; its failure is everyone's too."""
        with self._reading:
            mine = what not in self._read
            future: Future[T] = self._read.setdefault(what, Future())
        if mine:
            try:
                future.set_result(read())
            except BaseException as error:  # noqa: BLE001 - handed on to all who wait, the reader among them
                future.set_exception(error)
        return future.result()

    @property
    def host(self) -> str:
        """The global endpoint's name."""
        return str(self.outputs["url"]).removeprefix("https://").partition("/")[0]

    @property
    def serving(self) -> list[str]:
        """The keys of the regions that take requests."""
        return [key for key in self.outputs["regions"] if key not in self.outputs.get("drained", ())]

    def region(self, key: str) -> str:
        """AWS's name of the region `key`."""
        return str(self.outputs["regions"][key])

    def records(self) -> list[dict[str, Any]]:
        """All record sets of the hosted zone."""

        def read() -> list[dict[str, Any]]:
            pages = self.client("route53").get_paginator("list_resource_record_sets")
            zone = self.told("zoneId")
            return [record for page in pages.paginate(HostedZoneId=zone) for record in page["ResourceRecordSets"]]

        return self.once("records", read)

    def records_at(self, name: str) -> list[dict[str, Any]]:
        """The record sets of one name."""
        return [record for record in self.records() if record["Name"].rstrip(".").lower() == name.lower()]

    def distribution(self) -> dict[str, Any]:
        """CloudFront's description of the stack's distribution."""

        def read() -> dict[str, Any]:
            answer = self.client("cloudfront").get_distribution(Id=self.told("distributionId"))
            return dict(answer["Distribution"])

        return self.once("distribution", read)

    def certificate(self, arn: str) -> dict[str, Any]:
        """ACM's description of a certificate, asked for where its ARN says that it lies."""

        def read() -> dict[str, Any]:
            acm = self.client("acm", arn.split(":")[3])
            return dict(acm.describe_certificate(CertificateArn=arn)["Certificate"])

        return self.once(f"certificate {arn}", read)

    def token(self) -> str:
        """The stack's token, from the region that the copies are made of."""
        secret = self.told("tokenSecret")
        return self.once("token", lambda: read_token(self.client("secretsmanager", secret["region"]), secret["name"]))

    def schema(self, key: str) -> str:
        """The schema of a region's API, in GraphQL's own language."""

        def read() -> str:
            answer = self.client("appsync", self.region(key)).get_introspection_schema(
                apiId=self.told("apis", key, "id"), format="SDL", includeDirectives=True
            )
            return str(answer["schema"].read().decode())

        return self.once(f"schema {key}", read)

    def resolved(self, name: str, kind: str) -> list[str]:
        """What public DNS answers, sorted, lower case and without the final dot; nothing where there is no such record.

        Raises:
            dns.exception.DNSException: nobody answers.
        """
        try:
            answer = self.reach.resolver.resolve(f"{name}.", kind)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        return sorted(str(each).rstrip(".").lower() for each in answer)

    def download(self, url: str) -> bytes:
        """What lies at a URL that AWS itself handed out.

        Raises:
            OSError: it could not be had.
        """
        try:
            answer = urllib3.PoolManager().request("GET", url, timeout=_DOWNLOAD_SECONDS, retries=False)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(f"no download of the function's code: {error}") from error
        if answer.status != 200:  # noqa: PLR2004 - HTTP
            raise OSError(f"no download of the function's code: HTTP {answer.status}")
        return answer.data


def values(record: Mapping[str, Any]) -> list[str]:
    """What a record set leads to: its values, or its alias target; lower case and without the final dot."""
    if alias := record.get("AliasTarget"):
        return [str(alias["DNSName"]).rstrip(".").lower()]
    return sorted(str(each["Value"]).rstrip(".").lower() for each in record.get("ResourceRecords", ()))


def items(counted: Any) -> list[Any]:
    """The members of CloudFront's {"Quantity", "Items"}, which may be missing altogether."""
    return list((counted or {}).get("Items") or [])


def listed(names: Any) -> str:
    """`a, b` of any number of names; `nothing` of none."""
    return ", ".join(sorted(map(str, names))) or "nothing"
