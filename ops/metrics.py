"""Figures from CloudWatch, by GetMetricData."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ops.deployment import Deployment

MINUTE = 60  # seconds where the stack lives

OWN = ("Probes", "Publications")
"""The project's own requests to a region's API, of its health function and of its fan-out: AppSync counts them all."""

Figures = Mapping[str, Mapping[datetime, float]]
"""Id of a query -> begin of a period -> figure; a period without one is not in it."""


def minute(deployment: Deployment) -> int:
    """The period, in seconds of this machine, that a minute of the stack's is."""
    return max(1, math.ceil(deployment.pace.real(MINUTE)))


def query(
    id_: str, namespace: str, name: str, dimensions: Mapping[str, str], *, period: int, statistic: str = "Sum"
) -> dict[str, Any]:
    """What to ask for: a statistic of a metric."""
    named = [{"Name": each, "Value": value} for each, value in dimensions.items()]
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": named}
    return {"Id": id_, "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic}}


def read(deployment: Deployment, key: str, queries: Sequence[Mapping[str, Any]], start: float, end: float) -> Figures:
    """The figures of the region's CloudWatch from `start` to before `end`, in seconds since 1970.

    Raises:
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError: CloudWatch does not answer.
    """
    pages = deployment.clients("cloudwatch", deployment.regions[key]).get_paginator("get_metric_data")
    figures: dict[str, dict[datetime, float]] = {each["Id"]: {} for each in queries}
    for page in pages.paginate(MetricDataQueries=queries, StartTime=_moment(start), EndTime=_moment(end)):
        for result in page["MetricDataResults"]:
            figures[result["Id"]] |= dict(zip(result["Timestamps"], result["Values"], strict=True))
    return figures


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
