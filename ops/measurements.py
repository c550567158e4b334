"""What CloudWatch has measured in the last minutes of a region's traffic, and of the replication out of it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ops import metrics
from ops.deployment import Deployment

MINUTES = 5


@dataclass(frozen=True)
class Measured:
    """Of one region.

    Attributes:
        requests: those that clients made, in the last `MINUTES`; None where there is no metric of any.
        lags: receiving region key -> how many seconds writes took to get there, by the latest measurement.
    """

    requests: float | None = None
    lags: Mapping[str, float] = field(default_factory=dict)


def measure(deployment: Deployment, key: str) -> Measured:
    """Asks the region's CloudWatch, once.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: it does not answer.
    """
    period, now = metrics.minute(deployment), time.time()
    asked = {f"m{number}": query for number, query in enumerate(_queries(deployment, key))}
    queries = [
        metrics.query(name, each.namespace, each.metric, each.dimensions, period=period, statistic=each.statistic)
        for name, each in asked.items()
    ]
    figures = metrics.read(deployment, key, queries, now - MINUTES * period, now)
    return _read({asked[name]: found for name, found in figures.items()})


@dataclass(frozen=True, eq=False)
class _Query:
    namespace: str
    metric: str
    statistic: str
    dimensions: Mapping[str, str]
    receiver: str = ""


def _queries(deployment: Deployment, key: str) -> Iterator[_Query]:
    outputs = deployment.outputs
    if key in outputs.get("apis", {}):
        yield _Query("AWS/AppSync", "Requests", "Sum", {"GraphQLAPIId": outputs["apis"][key]["id"]})
    for metric in metrics.OWN:
        yield _Query("Antipodes", metric, "Sum", {"Domain": outputs["domain"], "Region": key})
    if outputs["data"] == "replicated":
        for other, region in deployment.others(key).items():
            dimensions = {"TableName": outputs["canaryTable"], "ReceivingRegion": region}
            yield _Query("AWS/DynamoDB", "ReplicationLatency", "Average", dimensions, other)


def _read(figures: Mapping[_Query, Mapping[datetime, float]]) -> Measured:
    """What the figures of the queries come to."""
    sums = {query.metric: sum(found.values()) for query, found in figures.items() if query.statistic == "Sum" and found}
    requests = max(sums["Requests"] - sum(sums.get(own, 0) for own in metrics.OWN), 0) if "Requests" in sums else None
    lags = {query.receiver: found[max(found)] / 1000 for query, found in figures.items() if query.receiver and found}
    return Measured(requests, lags)
