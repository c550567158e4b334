"""How many messages lie in SQS queues: a metric that is measured when somebody asks for it."""

from collections.abc import Iterable

from sandbox.cloudwatch.store import Metric, MetricStore
from sandbox.extensions.call import DEFAULT_ACCOUNT, AwsError, Scope, Upstream

_NAMESPACE, _VISIBLE = "AWS/SQS", "ApproximateNumberOfMessagesVisible"


async def measure_queues(store: MetricStore, upstream: Upstream, metrics: Iterable[Metric]) -> None:
    """Measures those of the metrics that are of queues; what is no queue has no value."""
    for metric in metrics:
        name = dict(metric.dimensions).get("QueueName")
        if (metric.namespace, metric.name) == (_NAMESPACE, _VISIBLE) and name:
            try:
                store.set(metric, await _visible(upstream, Scope(DEFAULT_ACCOUNT, metric.region, "sqs"), name))
            except AwsError:
                continue


async def _visible(upstream: Upstream, scope: Scope, name: str) -> float:
    url = (await upstream(scope, "GetQueueUrl", QueueName=name))["QueueUrl"]
    answer = await upstream(scope, "GetQueueAttributes", QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return float(answer["Attributes"]["ApproximateNumberOfMessages"])
