"""CloudFront: distributions."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from botocore.exceptions import ClientError

from sandbox.provider.fields import Change, Counted, Field, Tags, outputs, shape
from sandbox.provider.resource import (
    IDENTITY,
    Aws,
    Properties,
    Resource,
    absent,
    found,
    tag_changes,
    touched,
    wait_until,
)

# The hosted zone of every CloudFront name, for alias records (Route 53 "AliasTarget").
_HOSTED_ZONE = "Z2FDTNDATAQYW2"
_SET = Counted(ordered=False)

_ORIGIN = shape(
    Field("originId", "Id"),
    Field("domainName", "DomainName"),
    Field("originPath", "OriginPath", default=""),
    Field("connectionAttempts", "ConnectionAttempts", default=3),
    Field("connectionTimeout", "ConnectionTimeout", default=10),
    Field("responseCompletionTimeout", "ResponseCompletionTimeout", computed=True),
    Field("originAccessControlId", "OriginAccessControlId", default=""),
    Field(
        "customHeaders",
        "CustomHeaders",
        Counted(shape(Field("name", "HeaderName"), Field("value", "HeaderValue")), ordered=False),
        default=[],
    ),
    Field(
        "customOriginConfig",
        "CustomOriginConfig",
        shape(
            Field("httpPort", "HTTPPort"),
            Field("httpsPort", "HTTPSPort"),
            Field("ipAddressType", "IpAddressType", computed=True),
            Field("originKeepaliveTimeout", "OriginKeepaliveTimeout", default=5),
            Field("originProtocolPolicy", "OriginProtocolPolicy"),
            Field("originReadTimeout", "OriginReadTimeout", default=30),
            Field("originSslProtocols", "OriginSslProtocols", _SET),
        ),
    ),
    Field(
        "originShield",
        "OriginShield",
        shape(Field("enabled", "Enabled"), Field("originShieldRegion", "OriginShieldRegion")),
        default={"enabled": False},
    ),
)

_BEHAVIOR = (
    Field("targetOriginId", "TargetOriginId"),
    Field("viewerProtocolPolicy", "ViewerProtocolPolicy"),
    Field("allowedMethods", "AllowedMethods", _SET),
    Field("cachedMethods", "AllowedMethods.CachedMethods", _SET),
    Field("cachePolicyId", "CachePolicyId"),
    Field("originRequestPolicyId", "OriginRequestPolicyId"),
    Field("responseHeadersPolicyId", "ResponseHeadersPolicyId"),
    Field("realtimeLogConfigArn", "RealtimeLogConfigArn"),
    Field("fieldLevelEncryptionId", "FieldLevelEncryptionId", default=""),
    Field("compress", "Compress", default=False),
    Field("smoothStreaming", "SmoothStreaming", default=False),
    Field(
        "lambdaFunctionAssociations",
        "LambdaFunctionAssociations",
        Counted(
            shape(
                Field("eventType", "EventType"),
                Field("lambdaArn", "LambdaFunctionARN"),
                Field("includeBody", "IncludeBody", default=False),
            ),
            ordered=False,
        ),
        default=[],
    ),
    Field(
        "functionAssociations",
        "FunctionAssociations",
        Counted(shape(Field("eventType", "EventType"), Field("functionArn", "FunctionARN")), ordered=False),
        default=[],
    ),
    # The old way of saying what is cached, instead of policies; a rule of the policy pack looks at it.
    Field("minTtl", "MinTTL", computed=True),
    Field("defaultTtl", "DefaultTTL", computed=True),
    Field("maxTtl", "MaxTTL", computed=True),
    Field(
        "forwardedValues",
        "ForwardedValues",
        shape(
            Field("queryString", "QueryString"),
            Field("headers", "Headers", _SET, default=[]),
            Field("queryStringCacheKeys", "QueryStringCacheKeys", _SET, default=[]),
            Field(
                "cookies",
                "Cookies",
                shape(Field("forward", "Forward"), Field("whitelistedNames", "WhitelistedNames", _SET)),
            ),
        ),
    ),
)


def tags_of(aws: Aws, arn: str) -> dict[str, str]:
    """The tags of a resource of CloudFront's."""
    tags = aws("cloudfront").list_tags_for_resource(Resource=arn)["Tags"]
    return dict(Tags().decode(tags.get("Items", [])))


def retag(aws: Aws, arn: str, inputs: Properties) -> None:
    """Gives a resource of CloudFront's the tags of its inputs, and no others."""
    added, removed = tag_changes(tags_of(aws, arn), inputs.get("tags", {}))
    if removed:
        aws("cloudfront").untag_resource(Resource=arn, TagKeys={"Items": removed})
    if added:
        aws("cloudfront").tag_resource(Resource=arn, Tags={"Items": Tags().encode(added)})


class Distribution(Resource):
    """A distribution, told from others by its caller reference."""

    token = "aws:cloudfront/distribution:Distribution"
    regional = False
    shape = shape(
        Field("enabled", "Enabled"),
        Field("aliases", "Aliases", _SET, default=[]),
        Field("comment", "Comment", default=""),
        Field("defaultRootObject", "DefaultRootObject", default=""),
        Field("httpVersion", "HttpVersion", default="http2"),
        Field("isIpv6Enabled", "IsIPV6Enabled", default=False),
        Field("priceClass", "PriceClass", default="PriceClass_All"),
        Field("webAclId", "WebACLId", default=""),
        Field("origins", "Origins", Counted(_ORIGIN, ordered=False)),
        Field("defaultCacheBehavior", "DefaultCacheBehavior", shape(*_BEHAVIOR)),
        Field(
            "orderedCacheBehaviors",
            "CacheBehaviors",
            Counted(shape(Field("pathPattern", "PathPattern"), *_BEHAVIOR)),
            default=[],
        ),
        Field(
            "customErrorResponses",
            "CustomErrorResponses",
            Counted(
                shape(
                    Field("errorCode", "ErrorCode"),
                    Field("errorCachingMinTtl", "ErrorCachingMinTTL"),
                    Field("responsePagePath", "ResponsePagePath", default=""),
                ),
                ordered=False,
            ),
            default=[],
        ),
        Field(
            "restrictions",
            "Restrictions",
            shape(
                Field(
                    "geoRestriction",
                    "GeoRestriction",
                    shape(
                        Field("restrictionType", "RestrictionType"),
                        Field("locations", "", _SET, default=[]),
                    ),
                )
            ),
        ),
        Field(
            "viewerCertificate",
            "ViewerCertificate",
            shape(
                Field("acmCertificateArn", "ACMCertificateArn"),
                Field("iamCertificateId", "IAMCertificateId"),
                Field("cloudfrontDefaultCertificate", "CloudFrontDefaultCertificate", default=False),
                Field("minimumProtocolVersion", "MinimumProtocolVersion", computed=True),
                Field("sslSupportMethod", "SSLSupportMethod", computed=True),
            ),
        ),
        Field("retainOnDelete", default=False),
        Field("waitForDeployment", default=True),
        Field("tags", kind=Tags(), default={}),
        *outputs("arn", "callerReference", "domainName", "etag", "hostedZoneId", "lastModifiedTime", "status"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = {
            "DistributionConfig": self._config(inputs, inputs[IDENTITY]),
            "Tags": {"Items": Tags().encode(inputs.get("tags", {}))},
        }
        answer = aws("cloudfront").create_distribution_with_tags(DistributionConfigWithTags=wanted)
        return str(answer["Distribution"]["Id"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        if inputs.get("waitForDeployment", True):
            self._deploy(aws, id_)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("cloudfront").get_distribution, Id=id_)
        if answer is None:
            return None
        distribution = answer["Distribution"]
        return self.shape.decode(distribution["DistributionConfig"]) | {
            "tags": tags_of(aws, distribution["ARN"]),
            "arn": distribution["ARN"],
            "callerReference": distribution["DistributionConfig"]["CallerReference"],
            "domainName": distribution["DomainName"],
            "etag": answer["ETag"],
            "hostedZoneId": _HOSTED_ZONE,
            "lastModifiedTime": distribution["LastModifiedTime"].isoformat(),
            "status": distribution["Status"],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        api = aws("cloudfront")
        local = ("tags", "retainOnDelete", "waitForDeployment")
        if any(not touched({path: change}, *local) for path, change in changes.items()):
            present = api.get_distribution_config(Id=id_)
            config = self._config(inputs, present["DistributionConfig"]["CallerReference"])
            api.update_distribution(Id=id_, IfMatch=present["ETag"], DistributionConfig=config)
            self.finish(aws, id_, inputs)
        if touched(changes, "tags"):
            retag(aws, api.get_distribution(Id=id_)["Distribution"]["ARN"], inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        """Disables the distribution, waits until no edge location serves it, and removes it."""
        api = aws("cloudfront")
        present = found(api.get_distribution_config, Id=id_)
        if present is None:
            return
        config, etag = present["DistributionConfig"], present["ETag"]
        if config["Enabled"]:
            config["Enabled"] = False
            etag = api.update_distribution(Id=id_, IfMatch=etag, DistributionConfig=config)["ETag"]
            self._deploy(aws, id_)
        if known.get("retainOnDelete"):
            return
        try:
            api.delete_distribution(Id=id_, IfMatch=etag)
        except ClientError as error:
            if not absent(error):
                raise

    def unsettled(self, _changes: dict[str, Change]) -> tuple[str, ...]:
        return ("etag", "lastModifiedTime")

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        api = aws("cloudfront")
        for page in api.get_paginator("list_distributions").paginate():
            for summary in page["DistributionList"].get("Items", []):
                config = api.get_distribution_config(Id=summary["Id"])["DistributionConfig"]
                if config["CallerReference"] == inputs[IDENTITY]:
                    return str(summary["Id"])
        return None

    def _config(self, inputs: Properties, reference: str) -> dict[str, Any]:
        return self.shape.encode(inputs) | {"CallerReference": reference}

    @staticmethod
    def _deploy(aws: Aws, id_: str) -> None:
        def is_deployed() -> bool:
            distribution = aws("cloudfront").get_distribution(Id=id_)["Distribution"]
            return bool(distribution["Status"] == "Deployed")

        wait_until(is_deployed, f"the distribution {id_} is deployed")
