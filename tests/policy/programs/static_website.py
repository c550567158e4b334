"""A website in a bucket that S3 serves by itself."""

import json

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("site")
website = aws.s3.BucketWebsiteConfiguration(
    "site-website",
    bucket=bucket.bucket,
    index_document={"suffix": "index.html"},
    error_document={"key": "404.html"},
)
public = aws.s3.BucketPublicAccessBlock("site-public", bucket=bucket.bucket, block_public_policy=False)
aws.s3.BucketPolicy(
    "site-policy",
    bucket=bucket.bucket,
    policy=bucket.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/*"}],
            }
        )
    ),
    opts=pulumi.ResourceOptions(depends_on=[public]),
)
for name in ("index.html", "404.html"):
    aws.s3.BucketObject(
        name, bucket=bucket.bucket, key=name, content=f"<title>{name}</title>", content_type="text/html"
    )

pulumi.export("url", website.website_endpoint)
