"""AppSync's custom domain names, which the emulator does not have.

Rules by the AppSync documentation ("Configuring custom domain names for GraphQL APIs"): the certificate lies in
us-east-1 and covers the name, a name exists once in all of AWS, a domain with an association cannot be deleted.
"""

import hashlib
from typing import Any

from sandbox.extensions.call import AwsError, Call, Scope, Upstream

# The hosted zone of every CloudFront name, which AppSync's domain names are aliases of.
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
_CERTIFICATE_REGION = "us-east-1"

Place = tuple[str, str]


class AppSyncDomains:
    """The domain names of all accounts and regions, and the API that each one leads to."""

    def __init__(self) -> None:
        self._owners: dict[str, Place] = {}
        self._domains: dict[str, dict[str, Any]] = {}
        self._associations: dict[str, str] = {}

    async def create(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        name = call.parameters["domainName"].lower()
        await _require_certificate(call.scope, call.parameters["certificateArn"], name, upstream)
        if name in self._owners:
            raise AwsError("BadRequestException", f"The domain name {name} already exists.")
        digest = hashlib.sha256(name.encode()).hexdigest()[:13]
        self._owners[name] = _place(call)
        self._domains[name] = {
            "domainName": name,
            "certificateArn": call.parameters["certificateArn"],
            "description": call.parameters.get("description", ""),
            "appsyncDomainName": f"d-{digest}.cloudfront.net",
            "hostedZoneId": CLOUDFRONT_ZONE,
            "domainNameArn": f"arn:aws:appsync:{call.scope.region}:{call.scope.account}:domainnames/{name}",
            "tags": call.parameters.get("tags", {}),
        }
        return {"domainNameConfig": self._domains[name]}

    async def get(self, call: Call, _: Upstream) -> dict[str, Any]:
        return {"domainNameConfig": self._domains[self._own(call)]}

    async def list(self, call: Call, _: Upstream) -> dict[str, Any]:
        own = [name for name, owner in self._owners.items() if owner == _place(call)]
        return {"domainNameConfigs": [self._domains[name] for name in own]}

    async def update(self, call: Call, _: Upstream) -> dict[str, Any]:
        domain = self._domains[self._own(call)]
        domain["description"] = call.parameters.get("description", "")
        return {"domainNameConfig": domain}

    async def delete(self, call: Call, _: Upstream) -> dict[str, Any]:
        name = self._own(call)
        if name in self._associations:
            raise AwsError(
                "BadRequestException",
                f"The domain name {name} is associated with API {self._associations[name]}; disassociate it first.",
            )
        del self._owners[name], self._domains[name]
        return {}

    async def associate(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        name = self._own(call)
        await upstream(call.scope, "GetGraphqlApi", apiId=call.parameters["apiId"])
        self._associations[name] = call.parameters["apiId"]
        return self._association(name)

    async def get_association(self, call: Call, _: Upstream) -> dict[str, Any]:
        return self._association(self._own(call))

    async def disassociate(self, call: Call, _: Upstream) -> dict[str, Any]:
        name = self._own(call)
        self._association(name)
        del self._associations[name]
        return {}

    def _own(self, call: Call) -> str:
        name = str(call.parameters["domainName"]).lower()
        if self._owners.get(name) != _place(call):
            raise AwsError("NotFoundException", f"Domain name {name} not found.", 404)
        return name

    def _association(self, name: str) -> dict[str, Any]:
        if name not in self._associations:
            raise AwsError("NotFoundException", f"The domain name {name} is not associated with an API.", 404)
        return {
            "apiAssociation": {
                "domainName": name,
                "apiId": self._associations[name],
                "associationStatus": "SUCCESS",
            }
        }


def _place(call: Call) -> Place:
    return call.scope.account, call.scope.region


async def _require_certificate(scope: Scope, arn: str, name: str, upstream: Upstream) -> None:
    region = arn.split(":")[3]
    if region != _CERTIFICATE_REGION:
        raise AwsError(
            "BadRequestException",
            f"The certificate {arn} is in {region}; a custom domain name needs one in {_CERTIFICATE_REGION}.",
        )
    try:
        answer = await upstream(Scope(scope.account, region, "acm"), "DescribeCertificate", CertificateArn=arn)
    except AwsError:
        raise AwsError("BadRequestException", f"The certificate {arn} does not exist.") from None
    names = answer["Certificate"]["SubjectAlternativeNames"]
    if not any(covers(pattern.lower(), name) for pattern in names):
        raise AwsError("BadRequestException", f"The certificate {arn} does not cover {name}: it names {names}.")


def covers(pattern: str, name: str) -> bool:
    """Whether a certificate's name covers a host: a wildcard stands for exactly one label (RFC 6125)."""
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:]
    return name == pattern
