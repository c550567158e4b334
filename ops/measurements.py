"""What CloudWatch has measured in the last minutes of a region's traffic, and of the replication out of it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.deployment import Deployment

MINUTES = 5
_PERIOD = 60  # seconds: CloudWatch has these metrics by the minute
_OWN = ("Probes", "Publications")
"""Requests that the stack makes itself, of its health checks and of its fan-out; AppSync counts them with the rest."""


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
    period = math.ceil(deployment.pace.real(_PERIOD))
    end = datetime.now(UTC)
    asked = {f"m{number}": query for number, query in enumerate(_queries(deployment, key))}
    answer = deployment.clients("cloudwatch", deployment.regions[key]).get_metric_data(
        MetricDataQueries=[
            {
                "Id": name,
                "MetricStat": {
                    "Metric": {
                        "Namespace": query.namespace,
                        "MetricName": query.metric,
                        "Dimensions": [{"Name": name, "Value": value} for name, value in query.dimensions.items()],
                    },
                    "Period": period,
                    "Stat": query.statistic,
                },
            }
            for name, query in asked.items()
        ],
        StartTime=end - timedelta(seconds=MINUTES * period),
        EndTime=end,
        ScanBy="TimestampDescending",
    )
    return _read({asked[result["Id"]]: result["Values"] for result in answer["MetricDataResults"]})


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
    for metric in _OWN:
        yield _Query("Antipodes", metric, "Sum", {"Domain": outputs["domain"], "Region": key})
    if outputs["data"] == "replicated":
        for other, region in deployment.others(key).items():
            dimensions = {"TableName": outputs["canaryTable"], "ReceivingRegion": region}
            yield _Query("AWS/DynamoDB", "ReplicationLatency", "Average", dimensions, other)


def _read(values: Mapping[_Query, list[Any]]) -> Measured:
    """What the values of the queries, the latest first, come to."""
    sums = {query.metric: sum(found) for query, found in values.items() if query.statistic == "Sum" and found}
    requests = max(sums["Requests"] - sum(sums.get(own, 0) for own in _OWN), 0) if "Requests" in sums else None
    return Measured(
        requests, {query.receiver: found[0] / 1000 for query, found in values.items() if query.receiver and found}
    )
