"""A website in a private bucket, behind CloudFront with a domain and a certificate of its own."""

import pulumi
import pulumi_aws as aws

DOMAIN = "www.example.org"

virginia = aws.Provider("virginia", region="us-east-1")
zone = aws.route53.get_zone_output(name="example.org")
bucket = aws.s3.Bucket("pages")
logs = aws.s3.Bucket("logs")

certificate = aws.acm.Certificate(
    "certificate",
    domain_name=DOMAIN,
    validation_method="DNS",
    opts=pulumi.ResourceOptions(provider=virginia),
)
option = certificate.domain_validation_options[0]
proof = aws.route53.Record(
    "proof",
    zone_id=zone.zone_id,
    name=option.resource_record_name,
    type=option.resource_record_type,
    ttl=600,
    records=[option.resource_record_value],
)
issued = aws.acm.CertificateValidation(
    "issued",
    certificate_arn=certificate.arn,
    validation_record_fqdns=[proof.fqdn],
    opts=pulumi.ResourceOptions(provider=virginia),
)

access = aws.cloudfront.OriginAccessControl(
    "access", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
)
distribution = aws.cloudfront.Distribution(
    "cdn",
    enabled=True,
    aliases=[DOMAIN],
    default_root_object="index.html",
    price_class="PriceClass_100",
    origins=[
        {
            "origin_id": "pages",
            "domain_name": bucket.bucket_regional_domain_name,
            "origin_access_control_id": access.id,
        }
    ],
    default_cache_behavior={
        "target_origin_id": "pages",
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD", "OPTIONS"],
        "cached_methods": ["GET", "HEAD", "OPTIONS"],
        "forwarded_values": {"query_string": False, "cookies": {"forward": "none"}},
        "min_ttl": 0,
        "default_ttl": 600,
        "max_ttl": 600,
    },
    custom_error_responses=[{"error_code": 404, "response_code": 404, "response_page_path": "/404.html"}],
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"acm_certificate_arn": issued.certificate_arn, "ssl_support_method": "sni-only"},
    logging_config={"bucket": logs.bucket_domain_name, "prefix": DOMAIN},
)
reader = aws.iam.get_policy_document_output(
    statements=pulumi.Output.all(bucket.arn, distribution.arn).apply(
        lambda arns: [
            aws.iam.GetPolicyDocumentStatementArgs(
                actions=["s3:GetObject"],
                resources=[f"{arns[0]}/*"],
                principals=[
                    aws.iam.GetPolicyDocumentStatementPrincipalArgs(
                        type="Service", identifiers=["cloudfront.amazonaws.com"]
                    )
                ],
                conditions=[
                    aws.iam.GetPolicyDocumentStatementConditionArgs(
                        test="StringEquals", variable="AWS:SourceArn", values=[arns[1]]
                    )
                ],
            )
        ]
    )
)
aws.s3.BucketPolicy("pages-policy", bucket=bucket.bucket, policy=reader.json)
for kind in ("A", "AAAA"):
    aws.route53.Record(
        f"alias-{kind.lower()}",
        zone_id=zone.zone_id,
        name=DOMAIN,
        type=kind,
        aliases=[
            {
                "name": distribution.domain_name,
                "zone_id": distribution.hosted_zone_id,
                "evaluate_target_health": True,
            }
        ],
    )
