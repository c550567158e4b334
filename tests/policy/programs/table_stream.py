"""A table whose new items a function is told of."""

import json

import pulumi
import pulumi_aws as aws

table = aws.dynamodb.Table(
    "orders",
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
    billing_mode="PAY_PER_REQUEST",
    stream_enabled=True,
    stream_view_type="NEW_IMAGE",
)
role = aws.iam.Role(
    "role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    ),
)
aws.iam.RolePolicyAttachment(
    "stream", role=role.name, policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"
)
function = aws.lambda_.Function(
    "notify",
    runtime="nodejs22.x",
    handler="index.handler",
    role=role.arn,
    code=pulumi.AssetArchive({"index.js": pulumi.StringAsset("exports.handler = async (e) => console.log(e);\n")}),
)
aws.lambda_.EventSourceMapping(
    "orders-notify",
    event_source_arn=table.stream_arn,
    function_name=function.arn,
    starting_position="LATEST",
    batch_size=10,
    filter_criteria={"filters": [{"pattern": json.dumps({"eventName": ["INSERT"]})}]},
)
