"""A function with a layer and environment variables, in a VPC of its own."""

import json

import pulumi
import pulumi_aws as aws

zones = aws.get_availability_zones_output(state="available")
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
subnets = [
    aws.ec2.Subnet(
        f"private-{number}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=zones.names[number],
    )
    for number in range(2)
]
group = aws.ec2.SecurityGroup(
    "group",
    vpc_id=vpc.id,
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
role = aws.iam.Role(
    "role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
aws.iam.RolePolicyAttachment(
    "network", role=role.name, policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
)
layer = aws.lambda_.LayerVersion(
    "tools",
    layer_name="tools",
    compatible_runtimes=["python3.13"],
    code=pulumi.AssetArchive({"python/tools.py": pulumi.StringAsset("ANSWER = 42\n")}),
)
letters = aws.sqs.Queue("letters")
aws.lambda_.Function(
    "worker",
    runtime="python3.13",
    architectures=["arm64"],
    handler="worker.handler",
    role=role.arn,
    code=pulumi.AssetArchive({"worker.py": pulumi.StringAsset("def handler(event, context):\n    return event\n")}),
    layers=[layer.arn],
    timeout=60,
    memory_size=1024,
    environment={"variables": {"LEVEL": "info"}},
    vpc_config={"subnet_ids": [subnet.id for subnet in subnets], "security_group_ids": [group.id]},
    dead_letter_config={"target_arn": letters.arn},
    tracing_config={"mode": "Active"},
)
