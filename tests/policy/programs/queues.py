"""A topic whose messages two queues take, one of which a function reads."""

import json

import pulumi
import pulumi_aws as aws

topic = aws.sns.Topic("orders")
letters = aws.sqs.Queue("letters", message_retention_seconds=1209600)
queues = {
    name: aws.sqs.Queue(
        name,
        visibility_timeout_seconds=60,
        redrive_policy=letters.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})),
    )
    for name in ("billing", "shipping")
}
for name, queue in queues.items():
    aws.sqs.QueuePolicy(
        f"{name}-policy",
        queue_url=queue.url,
        policy=pulumi.Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "sns.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": queue.arn,
                        "Condition": {"ArnEquals": {"aws:SourceArn": topic.arn}},
                    }
                ],
            }
        ),
    )
    aws.sns.TopicSubscription(f"{name}-orders", topic=topic.arn, protocol="sqs", endpoint=queue.arn)
