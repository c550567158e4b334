"""A database in private subnets, with its password in Secrets Manager."""

import pulumi
import pulumi_aws as aws

password = aws.secretsmanager.get_random_password_output(password_length=24, exclude_punctuation=True)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.1.0.0/16")
subnets = [
    aws.ec2.Subnet(
        f"data-{letter}",
        vpc_id=vpc.id,
        cidr_block=f"10.1.{number}.0/24",
        availability_zone=f"us-east-1{letter}",
    )
    for number, letter in enumerate("ab")
]
group = aws.rds.SubnetGroup("subnets", subnet_ids=[subnet.id for subnet in subnets])
secret = aws.secretsmanager.Secret("password")
aws.secretsmanager.SecretVersion(
    "password-v1", secret_id=secret.id, secret_string=pulumi.Output.secret(password.random_password)
)
database = aws.rds.Instance(
    "database",
    engine="postgres",
    engine_version="16",
    instance_class="db.t4g.micro",
    allocated_storage=20,
    db_subnet_group_name=group.name,
    username="app",
    password=pulumi.Output.secret(password.random_password),
    skip_final_snapshot=True,
)
pulumi.export("endpoint", database.endpoint)
