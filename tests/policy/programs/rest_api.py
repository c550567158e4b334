"""A REST API of API Gateway that a function answers."""

import json

import pulumi
import pulumi_aws as aws

CODE = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello'}\n"

role = aws.iam.Role(
    "api-role",
    assume_role_policy=aws.iam.get_policy_document_output(
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "Service", "identifiers": ["lambda.amazonaws.com"]}],
            }
        ]
    ).json,
)
function = aws.lambda_.Function(
    "hello",
    runtime="python3.13",
    handler="app.handler",
    role=role.arn,
    code=pulumi.AssetArchive({"app.py": pulumi.StringAsset(CODE)}),
)
api = aws.apigateway.RestApi("api", description="Says hello")
resource = aws.apigateway.Resource("hello-path", rest_api=api.id, parent_id=api.root_resource_id, path_part="hello")
method = aws.apigateway.Method(
    "hello-get", rest_api=api.id, resource_id=resource.id, http_method="GET", authorization="NONE"
)
integration = aws.apigateway.Integration(
    "hello-function",
    rest_api=api.id,
    resource_id=resource.id,
    http_method=method.http_method,
    integration_http_method="POST",
    type="AWS_PROXY",
    uri=function.invoke_arn,
)
aws.lambda_.Permission(
    "hello-permission",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="apigateway.amazonaws.com",
    source_arn=pulumi.Output.concat(api.execution_arn, "/*/*"),
)
deployment = aws.apigateway.Deployment(
    "v1",
    rest_api=api.id,
    triggers={"redeployment": json.dumps(["hello"])},
    opts=pulumi.ResourceOptions(depends_on=[integration]),
)
stage = aws.apigateway.Stage("live", rest_api=api.id, deployment=deployment.id, stage_name="live")
pulumi.export("url", stage.invoke_url)
