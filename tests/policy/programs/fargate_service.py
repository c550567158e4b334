"""A web server in containers, behind a load balancer, in the default VPC."""

import json

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.get_vpc_output(default=True)
subnets = aws.ec2.get_subnets_output(
    filters=vpc.id.apply(lambda id_: [aws.ec2.GetSubnetsFilterArgs(name="vpc-id", values=[id_])])
)
group = aws.ec2.SecurityGroup(
    "web",
    vpc_id=vpc.id,
    ingress=[{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]}],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
balancer = aws.lb.LoadBalancer("front", security_groups=[group.id], subnets=subnets.ids)
target = aws.lb.TargetGroup("target", port=80, protocol="HTTP", target_type="ip", vpc_id=vpc.id)
listener = aws.lb.Listener(
    "listener",
    load_balancer_arn=balancer.arn,
    port=80,
    default_actions=[{"type": "forward", "target_group_arn": target.arn}],
)
role = aws.iam.Role(
    "task-role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
cluster = aws.ecs.Cluster("cluster")
task = aws.ecs.TaskDefinition(
    "task",
    family="web",
    cpu="256",
    memory="512",
    network_mode="awsvpc",
    requires_compatibilities=["FARGATE"],
    execution_role_arn=role.arn,
    container_definitions=json.dumps(
        [{"name": "web", "image": "nginx", "portMappings": [{"containerPort": 80, "protocol": "tcp"}]}]
    ),
)
aws.ecs.Service(
    "service",
    cluster=cluster.arn,
    desired_count=3,
    launch_type="FARGATE",
    task_definition=task.arn,
    network_configuration={"assign_public_ip": True, "subnets": subnets.ids, "security_groups": [group.id]},
    load_balancers=[{"target_group_arn": target.arn, "container_name": "web", "container_port": 80}],
    opts=pulumi.ResourceOptions(depends_on=[listener]),
)
pulumi.export("url", balancer.dns_name)
