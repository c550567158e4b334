"""A distribution as an edge location needs it, read from the configuration that CloudFront's API gives."""

import ssl
from dataclasses import dataclass
from typing import Any, Literal

Forwarding = Literal["all viewer", "all viewer except host", "none"]

# Ids of managed policies (CloudFront Developer Guide, "Use managed cache policies" and "... origin request policies").
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_FORWARDING: dict[str, Forwarding] = {
    "": "none",
    "216adef6-5c7f-47e4-b989-5492eafa07d3": "all viewer",
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": "all viewer except host",
}
_TLS_1_2 = ("TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025")
_TLS_1_3 = ("TLSv1.3_2025",)
_EDGE_FUNCTION_REGION = "us-east-1"


@dataclass(frozen=True)
class Origin:
    """An origin; `event` is its form in a Lambda@Edge event, times in seconds.

    `host_header` is the Host that it gets whatever the origin request policy says, where a function chose one.
    """

    event: dict[str, Any]
    connection_attempts: int
    connection_timeout: int
    shield_region: str | None
    host_header: str | None = None

    @property
    def domain_name(self) -> str:
        return str(self.event["custom"]["domainName"])


@dataclass(frozen=True)
class Distribution:
    """One distribution with its default behaviour.

    `viewer_function_arn` is that of a CloudFront function on viewer-request, `function_arn` that of a Lambda function
    on origin-request.

    `not_emulated` names every setting that would make the real distribution act otherwise than this one: while
    there is any, requests are refused rather than served by half of the configuration.
    """

    id: str
    domain_name: str
    aliases: tuple[str, ...]
    enabled: bool
    certificate_arn: str | None
    minimum_tls: ssl.TLSVersion
    allowed_methods: frozenset[str]
    forwarding: Forwarding
    viewer_function_arn: str | None
    function_arn: str | None
    origin: Origin
    not_emulated: tuple[str, ...]

    def answers_to(self, host: str) -> bool:
        """`host` (lower-case, no port) is the distribution's own name or an alias, which may be a wildcard."""
        return host == self.domain_name or host in self.aliases or f"*.{host.partition('.')[2]}" in self.aliases


def parse(id_: str, domain_name: str, config: dict[str, Any]) -> Distribution:
    """Reads a DistributionConfig in botocore's shape."""
    behavior = config["DefaultCacheBehavior"]
    origins = {origin["Id"]: origin for origin in config["Origins"]["Items"]}
    origin = origins[behavior["TargetOriginId"]]
    certificate = config.get("ViewerCertificate", {})
    policy = certificate.get("MinimumProtocolVersion", "")
    functions = {item["EventType"]: item for item in behavior.get("LambdaFunctionAssociations", {}).get("Items", [])}
    router = functions.get("origin-request")
    at_viewer = {item["EventType"]: item for item in behavior.get("FunctionAssociations", {}).get("Items", [])}
    return Distribution(
        id=id_,
        domain_name=domain_name.lower(),
        aliases=tuple(alias.lower() for alias in config.get("Aliases", {}).get("Items", [])),
        enabled=config["Enabled"],
        certificate_arn=certificate.get("ACMCertificateArn"),
        minimum_tls=ssl.TLSVersion.TLSv1_3 if policy in _TLS_1_3 else ssl.TLSVersion.TLSv1_2,
        allowed_methods=frozenset(behavior.get("AllowedMethods", {}).get("Items", ["GET", "HEAD"])),
        forwarding=_FORWARDING.get(behavior.get("OriginRequestPolicyId", ""), "none"),
        viewer_function_arn=at_viewer.get("viewer-request", {}).get("FunctionARN"),
        function_arn=router["LambdaFunctionARN"] if router else None,
        origin=_origin(origin),
        not_emulated=(
            *_config_not_emulated(config),
            *(f"a CloudFront function on {event}" for event in at_viewer if event != "viewer-request"),
            *_behavior_not_emulated(behavior, functions),
            *_origin_not_emulated(origin),
        ),
    )


def _origin(origin: dict[str, Any]) -> Origin:
    custom = origin.get("CustomOriginConfig", {})
    # Viewers come over HTTPS here, so match-viewer means https.
    protocol = "http" if custom.get("OriginProtocolPolicy") == "http-only" else "https"
    headers = origin.get("CustomHeaders", {}).get("Items", [])
    shield = origin.get("OriginShield", {})
    return Origin(
        event={
            "custom": {
                "customHeaders": {
                    item["HeaderName"].lower(): [{"key": item["HeaderName"], "value": item["HeaderValue"]}]
                    for item in headers
                },
                "domainName": origin["DomainName"],
                "keepaliveTimeout": custom.get("OriginKeepaliveTimeout", 5),
                "path": origin.get("OriginPath", ""),
                "port": custom.get("HTTPPort" if protocol == "http" else "HTTPSPort", 443),
                "protocol": protocol,
                "readTimeout": custom.get("OriginReadTimeout", 30),
                "sslProtocols": custom.get("OriginSslProtocols", {}).get("Items", ["TLSv1.2"]),
            }
        },
        connection_attempts=origin.get("ConnectionAttempts", 3),
        connection_timeout=origin.get("ConnectionTimeout", 10),
        shield_region=shield.get("OriginShieldRegion") if shield.get("Enabled") else None,
    )


def _config_not_emulated(config: dict[str, Any]) -> list[str]:
    certificate = config.get("ViewerCertificate", {})
    policy = certificate.get("MinimumProtocolVersion", "")
    lacking = []
    if config.get("CacheBehaviors", {}).get("Quantity"):
        lacking.append("cache behaviors beside the default one")
    if config.get("OriginGroups", {}).get("Quantity"):
        lacking.append("origin groups")
    if config.get("CustomErrorResponses", {}).get("Quantity"):
        lacking.append("custom error responses")
    if config.get("Restrictions", {}).get("GeoRestriction", {}).get("RestrictionType", "none") != "none":
        lacking.append("geographic restrictions")
    if config.get("DefaultRootObject"):
        lacking.append("a default root object")
    if config.get("WebACLId"):
        lacking.append("a web ACL")
    if config.get("PriceClass", "PriceClass_All") != "PriceClass_All":
        lacking.append(f"the price class {config['PriceClass']}")
    if certificate.get("IAMCertificateId"):
        lacking.append("a certificate from IAM")
    if certificate.get("ACMCertificateArn") and policy not in (*_TLS_1_2, *_TLS_1_3):
        lacking.append(f"the minimum protocol version {policy or 'that CloudFront falls back to'}")
    return lacking


def _behavior_not_emulated(behavior: dict[str, Any], functions: dict[str, Any]) -> list[str]:
    lacking = [f"a Lambda@Edge function on {event}" for event in functions if event != "origin-request"]
    router = functions.get("origin-request", {})
    arn = router.get("LambdaFunctionARN", "")
    if behavior.get("CachePolicyId") != CACHING_DISABLED:
        lacking.append(f"the cache policy {behavior.get('CachePolicyId') or 'in legacy settings'}")
    if behavior.get("OriginRequestPolicyId", "") not in _FORWARDING:
        lacking.append(f"the origin request policy {behavior['OriginRequestPolicyId']}")
    if behavior.get("ResponseHeadersPolicyId"):
        lacking.append(f"the response headers policy {behavior['ResponseHeadersPolicyId']}")
    if behavior.get("FieldLevelEncryptionId"):
        lacking.append("field-level encryption")
    if behavior.get("TrustedSigners", {}).get("Enabled") or behavior.get("TrustedKeyGroups", {}).get("Enabled"):
        lacking.append("signed URLs and cookies")
    if router.get("IncludeBody"):
        lacking.append("the body in the Lambda@Edge event")
    # CloudFront refuses both when the association is made ("Restrictions on Lambda@Edge").
    if arn and not arn.rpartition(":")[2].isdecimal():
        lacking.append(f"the function {arn}: Lambda@Edge runs published versions, no alias and no $LATEST")
    if arn and arn.split(":")[3] != _EDGE_FUNCTION_REGION:
        lacking.append(f"the function {arn}: Lambda@Edge runs functions of {_EDGE_FUNCTION_REGION}")
    return lacking


def _origin_not_emulated(origin: dict[str, Any]) -> list[str]:
    lacking = []
    if not origin.get("CustomOriginConfig"):
        lacking.append("an origin in S3 or a VPC")
    if origin.get("OriginAccessControlId"):
        lacking.append("origin access control")
    return lacking
