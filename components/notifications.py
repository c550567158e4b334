"""Where a region's alarms say that they sound."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.topology import Region

_DELETION_DAYS = 7  # KMS's shortest wait: nothing is kept under the key, messages pass through


@dataclass(frozen=True, kw_only=True)
class NotificationsArgs:
    """`account_id` may use the key, and no other."""

    domain: str
    region: Region
    account_id: pulumi.Input[str]


class Notifications(pulumi.ComponentResource):
    """An encrypted topic of the region, since an alarm tells none of another. Who subscribes to it is yours to choose.

    With a key of its own: CloudWatch may not use the one that AWS keeps for SNS, and its messages would be lost without
    a word ("Securing Amazon SNS data with server-side encryption" in the Amazon SNS Developer Guide).
    """

    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: NotificationsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:Notifications", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"What the alarms of {args.domain} in {args.region.name} say.",
            policy=_key_policy(args.account_id),
            enable_key_rotation=True,
            deletion_window_in_days=_DELETION_DAYS,
            region=args.region.name,
            opts=child_opts,
        )
        topic = aws.sns.Topic(
            f"{name}-topic",
            display_name=f"{args.domain} {args.region.key}",
            kms_master_key_id=key.arn,
            region=args.region.name,
            opts=child_opts,
        )
        self.topic_arn = topic.arn
        self.register_outputs({"topicArn": self.topic_arn})


def _key_policy(account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Its account may do all with it, by its own policies; CloudWatch may send through it for that account."""
    statements: list[dict[str, Any]] = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": pulumi.Output.concat("arn:aws:iam::", account_id, ":root")},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
        },
    ]
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements}, sort_keys=True)
