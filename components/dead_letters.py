"""Where what could not be delivered is kept for people to look at."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

_RETENTION = 14 * 24 * 3600  # seconds: SQS keeps nothing longer
_PERIOD = 60  # seconds


@dataclass(frozen=True, kw_only=True)
class DeadLettersArgs:
    """`what` lies in the queue, in words for whoever sees the alarm; `topic` is the ARN of what tells them of it."""

    what: str
    region: str
    topic: pulumi.Input[str]


class DeadLetters(pulumi.ComponentResource):
    """An encrypted queue, and an alarm for as long as anything lies in it."""

    name: pulumi.Output[str]
    url: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: DeadLettersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:DeadLetters", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)
        queue = aws.sqs.Queue(
            f"{name}-queue",
            message_retention_seconds=_RETENTION,
            sqs_managed_sse_enabled=True,
            region=args.region,
            opts=child_opts,
        )
        aws.cloudwatch.MetricAlarm(
            f"{name}-alarm",
            alarm_description=f"There are {args.what} in a dead-letter queue: see why, then replay or delete them.",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            period=_PERIOD,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[args.topic],
            ok_actions=[args.topic],
            region=args.region,
            opts=child_opts,
        )
        self.name, self.url, self.arn = queue.name, queue.url, queue.arn
        self.register_outputs({"url": self.url, "arn": self.arn})
