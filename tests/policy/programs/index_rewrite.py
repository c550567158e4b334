"""A website behind CloudFront; a function at the edge asks the bucket for index.html where a folder is asked for."""

import json

import pulumi
import pulumi_aws as aws

CODE = """
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  if (request.uri.endsWith('/')) request.uri += 'index.html';
  return request;
};
"""

role = aws.iam.Role(
    "rewrite-role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
aws.iam.RolePolicyAttachment(
    "rewrite-logs", role=role.name, policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
)
rewrite = aws.lambda_.Function(
    "rewrite",
    runtime="nodejs22.x",
    handler="index.handler",
    role=role.arn,
    code=pulumi.AssetArchive({"index.js": pulumi.StringAsset(CODE)}),
    publish=True,
    skip_destroy=True,
    region="us-east-1",
)
bucket = aws.s3.Bucket("pages")
access = aws.cloudfront.OriginAccessControl(
    "access", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
)
aws.cloudfront.Distribution(
    "cdn",
    enabled=True,
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
        "allowed_methods": ["GET", "HEAD"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": aws.cloudfront.get_cache_policy_output(name="Managed-CachingOptimized").id,
        "lambda_function_associations": [{"event_type": "origin-request", "lambda_arn": rewrite.qualified_arn}],
    },
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True},
)
