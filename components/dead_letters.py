"""Where what could not be delivered is kept for people to look at."""

import pulumi
import pulumi_aws as aws

_RETENTION = 14 * 24 * 3600  # seconds: SQS keeps nothing longer
_PERIOD = 60  # seconds


class DeadLetters(pulumi.ComponentResource):
    """An encrypted queue, and an alarm for as long as anything lies in it.

    The alarm notifies nobody by itself: CloudWatch shows it, and its actions are yours to choose.
    """

    def __init__(self, name: str, what: str, region: str, opts: pulumi.ResourceOptions | None = None) -> None:
        """`what` is in it, in words for whoever sees the alarm."""
        super().__init__("antipodes:index:DeadLetters", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)
        queue = aws.sqs.Queue(
            f"{name}-queue",
            message_retention_seconds=_RETENTION,
            sqs_managed_sse_enabled=True,
            region=region,
            opts=child_opts,
        )
        aws.cloudwatch.MetricAlarm(
            f"{name}-alarm",
            alarm_description=f"There are {what} in a dead-letter queue: see why, then replay or delete them.",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            period=_PERIOD,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            region=region,
            opts=child_opts,
        )
        self.url, self.arn = queue.url, queue.arn
        self.register_outputs({"url": self.url, "arn": self.arn})
