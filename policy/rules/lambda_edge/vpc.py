from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from .shared.functions import RESTRICTIONS, edge_functions
from .shared.missing_feature import EdgeFeature

_FEATURE = EdgeFeature(
    "vpcConfig.subnetIds",
    "access to a VPC",
    "Remove vpc_config: reach what lies in the VPC through a public endpoint, or from the origin.",
    ("aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/vpc:Vpc", "awsx:ec2:Vpc"),
)

RULE = stack_rule(
    About(
        name="lambda-edge-vpc",
        title="Edge functions run in no VPC",
        description="A Lambda function that CloudFront runs must not be in a VPC.",
        fix=_FEATURE.fix,
        url=RESTRICTIONS,
        severity=Severity.HIGH,
    ),
    edge_functions,
    _FEATURE.judge,
)
