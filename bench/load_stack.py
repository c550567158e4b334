"""What a load test deploys: the router before a light origin, and the same distribution without it."""

from typing import Any

from bench import deployment
from cli.project import HERE
from components import functions
from components.global_edge import ALL_VIEWER, CACHING_DISABLED
from components.regional_function import RUNTIME
from sandbox.aws import Clients

_KEY, _REGION = "ireland", "eu-west-1"
_TOPOLOGY = deployment.stack({_KEY: _REGION})
_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]

ROUTED = _TOPOLOGY.host
BARE = f"bare.{_TOPOLOGY.domain}"
"""An alias of the distribution that has no function."""
ORIGIN = _TOPOLOGY.regions[0].host
ORIGIN_REGION = _REGION


def deploy(clients: Clients) -> None:
    """Makes both distributions, `ROUTED` with the router and `BARE` without, whose origin is `ORIGIN`."""
    domain = _TOPOLOGY.domain
    certificate = clients("acm").request_certificate(
        DomainName=domain, SubjectAlternativeNames=[f"*.{domain}"], ValidationMethod="DNS"
    )["CertificateArn"]
    target = clients("appsync", _REGION).create_domain_name(domainName=ORIGIN, certificateArn=certificate)
    zone = clients("route53").create_hosted_zone(Name=domain, CallerReference="bench")["HostedZone"]["Id"]
    records = [
        _record(_TOPOLOGY.default_origin, "A", "192.0.2.1"),
        _record(ORIGIN, "CNAME", target["domainNameConfig"]["appsyncDomainName"]),
        _record(_TOPOLOGY.latency_record, "CNAME", _KEY, Region=_REGION, SetIdentifier=_KEY),
    ]
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in records]
    clients("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    router = clients("lambda").create_function(
        FunctionName="router",
        Runtime=RUNTIME,
        Role="arn:aws:iam::000000000000:role/router",
        Handler="handler.handler",
        Timeout=5,
        Code={"ZipFile": functions.router(HERE.root, _TOPOLOGY).zipped()},
        Publish=True,
    )["FunctionArn"]
    _distribute(clients, ROUTED, _TOPOLOGY.default_origin, certificate, f"{router}:1")
    _distribute(clients, BARE, ORIGIN, certificate, None)


def _record(name: str, kind: str, value: str, **more: str) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}], **more}


def _distribute(clients: Clients, alias: str, origin: str, certificate: str, function: str | None) -> None:
    associations = [{"EventType": "origin-request", "LambdaFunctionARN": function, "IncludeBody": False}]
    custom = {
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only",
        "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
        "OriginReadTimeout": 30,
        "OriginKeepaliveTimeout": 60,
    }
    clients("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": alias,
            "Comment": "",
            "Enabled": True,
            "Aliases": {"Quantity": 1, "Items": [alias]},
            "Origins": {
                "Quantity": 1,
                "Items": [{"Id": "default", "DomainName": origin, "CustomOriginConfig": custom}],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "default",
                "ViewerProtocolPolicy": "https-only",
                "AllowedMethods": {
                    "Quantity": len(_METHODS),
                    "Items": _METHODS,
                    "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
                },
                "CachePolicyId": CACHING_DISABLED,
                "OriginRequestPolicyId": ALL_VIEWER,
                **({"LambdaFunctionAssociations": {"Quantity": 1, "Items": associations}} if function else {}),
            },
            "ViewerCertificate": {
                "ACMCertificateArn": certificate,
                "SSLSupportMethod": "sni-only",
                "MinimumProtocolVersion": "TLSv1.2_2021",
            },
        }
    )
