"""One server that says hello."""

import pulumi
import pulumi_aws as aws

image = aws.ec2.get_ami_output(
    most_recent=True, owners=["amazon"], filters=[{"name": "name", "values": ["al2023-ami-*-x86_64"]}]
)
group = aws.ec2.SecurityGroup(
    "web",
    description="HTTP from everywhere",
    ingress=[{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]}],
)
server = aws.ec2.Instance(
    "server",
    instance_type="t3.micro",
    ami=image.id,
    vpc_security_group_ids=[group.id],
    user_data="#!/bin/bash\necho hello > index.html\nnohup python3 -m http.server 80 &\n",
    tags={"Name": "server"},
)
pulumi.export("ip", server.public_ip)
