"""Small stacks, as a program gives them, for what edits of our own cannot say: other people's routers, and states."""

from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pulumi_policy.proxy import UNKNOWN_ARRAY_VALUE, UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE

from tests.policy.deployment import Deployment, Resource

PROVIDER = "pulumi:providers:aws"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
EDGE_FUNCTION = "aws:cloudfront/function:Function"
FUNCTION = "aws:lambda/function:Function"
RECORD = "aws:route53/record:Record"

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"

_MARK = "4dabf18193072939515e22adb298388d"
_ASSET, _ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"


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
class Given:
    """A resource as a program registers it, and what AWS adds."""

    type: str
    inputs: dict[str, Any]
    made: dict[str, Any] = field(default_factory=dict)


Stack = dict[str, Given]


def compliant() -> Stack:
    """The design in few resources; the router's code lies in files, which the engine does not show."""
    return {
        "default": Given(PROVIDER, {"region": "us-east-1"}),
        "certificate": Given(
            CERTIFICATE,
            {"domainName": "example.com", "subjectAlternativeNames": ["*.example.com"], "region": "us-east-1"},
            {"arn": certificate_arn("us-east-1"), "subjectAlternativeNames": ["*.example.com", "example.com"]},
        ),
        "validation": Given(
            VALIDATION, {"certificateArn": Ref("certificate", "arn"), "region": "us-east-1"}, {"id": "2026-11-21"}
        ),
        "router": function(),
        "latency-ireland": latency("ireland", "eu-west-1"),
        "latency-sydney": latency("sydney", "ap-southeast-2"),
        "edge-distribution": distribution(
            behaviour(Ref("router", "qualifiedArn")),
            behaviour(Ref("router", "qualifiedArn"), pathPattern="/graphql"),
            pages(pathPattern="/docs/*"),
        ),
    }


def function(**files: str) -> Given:
    """A Lambda function whose package has these texts, `index_js` as `index.js`."""
    assets = {name.replace("_", "."): {_MARK: _ASSET, "text": text} for name, text in files.items()}
    code = {_MARK: _ARCHIVE, "assets": assets} if files else {_MARK: _ARCHIVE, "path": "router.zip"}
    given = {"runtime": "nodejs22.x", "handler": "index.handler", "publish": True, "region": "us-east-1"}
    arn = "arn:aws:lambda:us-east-1:111122223333:function:router"
    return Given(FUNCTION, {**given, "code": code}, {"arn": arn, "qualifiedArn": f"{arn}:7"})


def script(code: str) -> Given:
    given = {"runtime": "cloudfront-js-2.0", "code": code, "publish": True}
    return Given(EDGE_FUNCTION, given, {"arn": "arn:aws:cloudfront::111122223333:function/router"})


def latency(value: Any, region: str) -> Given:
    return Given(
        RECORD,
        {
            "zoneId": "Z1",
            "name": "latency-routing.example.com",
            "type": "CNAME",
            "ttl": 60,
            "records": [value],
            "setIdentifier": region,
            "latencyRoutingPolicies": [{"region": region}],
        },
    )


def distribution(default: dict[str, Any], *ordered: dict[str, Any]) -> Given:
    """One with an origin of each kind: `default`, which belongs to nobody, and the bucket `pages`."""
    return Given(
        DISTRIBUTION,
        {
            "enabled": True,
            "aliases": ["global-api.example.com"],
            "priceClass": "PriceClass_All",
            "webAclId": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shield/1",
            "loggingConfig": {"bucket": "logs.s3.amazonaws.com"},
            "origins": [
                {
                    "originId": "default",
                    "domainName": "nobody.example.net",
                    "customOriginConfig": {
                        "httpPort": 80,
                        "httpsPort": 443,
                        "originProtocolPolicy": "https-only",
                        "originSslProtocols": ["TLSv1.2"],
                    },
                },
                {"originId": "pages", "domainName": "pages.s3.eu-west-1.amazonaws.com", "originAccessControlId": "E1"},
            ],
            "defaultCacheBehavior": default,
            "orderedCacheBehaviors": list(ordered),
            "restrictions": {"geoRestriction": {"restrictionType": "none"}},
            "viewerCertificate": {
                "acmCertificateArn": Ref("validation", "certificateArn"),
                "sslSupportMethod": "sni-only",
                "minimumProtocolVersion": "TLSv1.2_2021",
            },
        },
        {"domainName": "d111111abcdef8.cloudfront.net", "arn": "arn:aws:cloudfront::111122223333:distribution/E1"},
    )


def behaviour(function_arn: Any = None, event: str = "origin-request", **changes: Any) -> dict[str, Any]:
    """As the router wants it; with a Lambda function, if one is given, or with one of CloudFront's, if it is on
    viewer-request.
    """
    kind, key = ("functionAssociations", "functionArn") if event == "viewer-request" else _OF_LAMBDA
    carried = {kind: [{"eventType": event, key: function_arn}]} if function_arn else {}
    return {
        "targetOriginId": "default",
        "viewerProtocolPolicy": "https-only",
        "allowedMethods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": CACHING_DISABLED,
        "originRequestPolicyId": ALL_VIEWER,
        **carried,
        **changes,
    }


def pages(function_arn: Any = None, event: str = "origin-request", **changes: Any) -> dict[str, Any]:
    """Static pages, from the bucket and cached, which any rule about routing has to leave alone."""
    cached = {"cachePolicyId": CACHING_OPTIMIZED, "originRequestPolicyId": None, "allowedMethods": ["GET", "HEAD"]}
    return behaviour(function_arn, event, targetOriginId="pages", viewerProtocolPolicy="allow-all", **cached) | changes


def certificate_arn(region: str) -> str:
    return f"arn:aws:acm:{region}:111122223333:certificate/12345678-1234-1234-1234-123456789012"


def shown(stack: Stack, shape: Shape = Shape.PREVIEW) -> Deployment:
    """As the engine shows the stack to the pack."""
    made = [_resource(name, stack, shape) for name in stack]
    return Deployment("small", {_ROOT.urn: _ROOT, **{each.urn: each for each in made}})


def urn(name: str, stack: Stack) -> str:
    return f"urn:pulumi:dev::small::{stack[name].type}::{name}"


def _resource(name: str, stack: Stack, shape: Shape) -> Resource:
    given = stack[name]
    inputs = _resolved(deepcopy(given.inputs), stack, shape)
    refers = {key: tuple(urn(each, stack) for each in _referred(value)) for key, value in given.inputs.items()}
    # What is unknown depends on something: else it would be for AWS to fill in.
    refers |= {key: (_ROOT.urn,) for key, value in inputs.items() if value in _UNKNOWN and not refers[key]}
    return Resource(
        type=given.type,
        name=name,
        urn=urn(name, stack),
        parent=None,
        inputs=inputs,
        outputs=_outputs(name, stack, shape),
        property_dependencies={key: urns for key, urns in refers.items() if urns},
        dependencies=tuple(each for urns in refers.values() for each in urns),
        provider=urn("default", stack) if given.type != PROVIDER else None,
    )


def _outputs(name: str, stack: Stack, shape: Shape) -> dict[str, Any]:
    """Before the deployment, what AWS adds is unknown."""
    made = stack[name].made
    inputs: dict[str, Any] = _resolved(deepcopy(stack[name].inputs), stack, shape)
    return inputs | made if shape is Shape.STATE else dict.fromkeys(made, UNKNOWN_STRING_VALUE) | inputs


def _resolved(value: Any, stack: Stack, shape: Shape) -> Any:
    if isinstance(value, Ref):
        return _outputs(value.resource, stack, shape).get(value.key, UNKNOWN_STRING_VALUE)
    if isinstance(value, dict):
        return {key: _resolved(each, stack, shape) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_resolved(each, stack, shape) for each in value]
    return value


def _referred(value: Any) -> list[str]:
    if isinstance(value, Ref):
        return [value.resource]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sorted({name for each in inner for name in _referred(each)})


_UNKNOWN = (UNKNOWN_ARRAY_VALUE, UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE)
_ROOT = Resource("pulumi:pulumi:Stack", "small", "urn:pulumi:dev::small::pulumi:pulumi:Stack::small", None, {}, {})
_OF_LAMBDA = ("lambdaFunctionAssociations", "lambdaArn")
