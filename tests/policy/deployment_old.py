"""A deployment that breaks no rule, in the two shapes in which the engine shows it to the policy pack."""

from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

PROVIDER = "pulumi:providers:aws"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:lambda/function:Function"
RECORD = "aws:route53/record:Record"

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


class Shape(Enum):
    """What is known of a stack: at the preview before its first deployment, and in its exported state."""

    PREVIEW = "preview"
    STATE = "state"


@dataclass(frozen=True)
class Ref:
    """An input whose value another resource gives once it is made."""

    resource: str
    key: str


@dataclass
class Resource:
    """A resource as a program registers it, and what AWS adds."""

    type: str
    inputs: dict[str, Any]
    made: dict[str, Any] = field(default_factory=dict)
    provider: str | None = "default"

    def references(self, key: str) -> list[str]:
        return sorted({ref.resource for ref in _refs(self.inputs[key])})


Deployment = dict[str, Resource]


def compliant() -> Deployment:
    return {
        "default": Resource(PROVIDER, {"region": "us-east-1"}, provider=None),
        "certificate": Resource(
            CERTIFICATE,
            {"domainName": "example.com", "subjectAlternativeNames": ["*.example.com"], "region": "us-east-1"},
            {"arn": certificate_arn("us-east-1"), "subjectAlternativeNames": ["*.example.com", "example.com"]},
        ),
        "validation": Resource(
            VALIDATION, {"certificateArn": Ref("certificate", "arn"), "region": "us-east-1"}, {"id": "2026-11-21"}
        ),
        "router": Resource(
            FUNCTION,
            {"runtime": "python3.13", "publish": True, "region": "us-east-1"},
            {"qualifiedArn": "arn:aws:lambda:us-east-1:111122223333:function:router:7"},
        ),
        "latency-ireland": Resource(
            RECORD,
            {
                "zoneId": "Z1",
                "name": "latency-routing.example.com",
                "type": "CNAME",
                "ttl": 60,
                "records": ["ireland"],
                "setIdentifier": "ireland",
                "latencyRoutingPolicies": [{"region": "eu-west-1"}],
            },
        ),
        "latency-sydney": Resource(
            RECORD,
            {
                "zoneId": "Z1",
                "name": "latency-routing.example.com",
                "type": "CNAME",
                "ttl": 60,
                "records": ["sydney"],
                "setIdentifier": "sydney",
                "latencyRoutingPolicies": [{"region": "ap-southeast-2"}],
            },
        ),
        "edge-distribution": Resource(
            DISTRIBUTION,
            {
                "enabled": True,
                "aliases": ["global-api.example.com"],
                "origins": [{"originId": "default", "domainName": "default-origin.example.com"}],
                "defaultCacheBehavior": behaviour(),
                "orderedCacheBehaviors": [
                    behaviour() | {"pathPattern": "/graphql"},
                    # A page that is served from an origin of its own may well be cached.
                    {"pathPattern": "/docs/*", "targetOriginId": "docs", "cachePolicyId": CACHING_OPTIMIZED},
                ],
                "restrictions": {"geoRestriction": {"restrictionType": "none"}},
                "viewerCertificate": {
                    "acmCertificateArn": Ref("validation", "certificateArn"),
                    "sslSupportMethod": "sni-only",
                    "minimumProtocolVersion": "TLSv1.2_2021",
                },
            },
            {"domainName": "d111111abcdef8.cloudfront.net"},
        ),
    }


def behaviour() -> dict[str, Any]:
    return {
        "targetOriginId": "default",
        "viewerProtocolPolicy": "https-only",
        "cachePolicyId": CACHING_DISABLED,
        "originRequestPolicyId": ALL_VIEWER,
        "lambdaFunctionAssociations": [
            {"eventType": "origin-request", "lambdaArn": Ref("router", "qualifiedArn"), "includeBody": False}
        ],
    }


def certificate_arn(region: str) -> str:
    return f"arn:aws:acm:{region}:111122223333:certificate/12345678-1234-1234-1234-123456789012"


def urn(name: str, deployment: Deployment) -> str:
    return f"urn:pulumi:dev::antipodes::{deployment[name].type}::{name}"


def inputs(name: str, deployment: Deployment, shape: Shape) -> dict[str, Any]:
    """The resource's inputs, as resource rules see them."""
    resolved: dict[str, Any] = _resolved(deepcopy(deployment[name].inputs), deployment, shape)
    return resolved


def outputs(name: str, deployment: Deployment, shape: Shape) -> dict[str, Any]:
    """The resource's outputs, as stack rules see them: before the deployment, what AWS adds is unknown."""
    resource = deployment[name]
    given = inputs(name, deployment, shape)
    if shape is Shape.STATE:
        return given | resource.made
    return dict.fromkeys(resource.made, UNKNOWN_STRING_VALUE) | given


def _resolved(value: Any, deployment: Deployment, shape: Shape) -> Any:
    if isinstance(value, Ref):
        return outputs(value.resource, deployment, shape).get(value.key, UNKNOWN_STRING_VALUE)
    if isinstance(value, dict):
        return {key: _resolved(each, deployment, shape) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, deployment, shape) for each in value]
    return value


def _refs(value: Any) -> list[Ref]:
    if isinstance(value, Ref):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [ref for each in inner for ref in _refs(each)]
