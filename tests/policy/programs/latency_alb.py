"""A load balancer in each of two regions, and records that name the nearer one that is well."""

import pulumi
import pulumi_aws as aws

HOST = "app.example.net"
REGIONS = {"oregon": "us-west-2", "frankfurt": "eu-central-1"}

zone = aws.route53.Zone("zone", name="example.net")
for name, region in REGIONS.items():
    here = pulumi.ResourceOptions(provider=aws.Provider(name, region=region))
    vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.2.0.0/16", opts=here)
    subnets = [
        aws.ec2.Subnet(
            f"{name}-{letter}",
            vpc_id=vpc.id,
            cidr_block=f"10.2.{number}.0/24",
            availability_zone=f"{region}{letter}",
            opts=here,
        )
        for number, letter in enumerate("ab")
    ]
    balancer = aws.lb.LoadBalancer(f"{name}-front", subnets=[subnet.id for subnet in subnets], opts=here)
    target = aws.lb.TargetGroup(f"{name}-target", port=80, protocol="HTTP", vpc_id=vpc.id, opts=here)
    aws.lb.Listener(
        f"{name}-listener",
        load_balancer_arn=balancer.arn,
        port=80,
        default_actions=[{"type": "forward", "target_group_arn": target.arn}],
        opts=here,
    )
    check = aws.route53.HealthCheck(
        f"{name}-check",
        fqdn=balancer.dns_name,
        port=80,
        type="HTTP",
        resource_path="/",
        failure_threshold=3,
        request_interval=30,
    )
    aws.route53.Record(
        f"{name}-record",
        zone_id=zone.zone_id,
        name=HOST,
        type="A",
        set_identifier=name,
        latency_routing_policies=[{"region": region}],
        health_check_id=check.id,
        aliases=[{"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": True}],
    )
