"""The metrics of a region, by the names that AWS gives them: what alarms and dashboards look at.

Sources: "Using CloudWatch to monitor and log GraphQL API data" in the AWS AppSync Developer Guide, "Types of metrics
for Lambda functions" in the AWS Lambda Developer Guide, "DynamoDB metrics and dimensions" in the Amazon DynamoDB
Developer Guide and "Available CloudWatch metrics for Amazon SQS" in the Amazon SQS Developer Guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

OWN_NAMESPACE = "Antipodes"
"""Of what a region's health function measures (region/health), with the dimensions Domain and Region, its key."""


@dataclass(frozen=True)
class Metric:
    """A metric and the statistic that is of interest, in a region of AWS's."""

    region: str
    namespace: str
    name: str
    statistic: str
    dimensions: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What there is to measure of a region of the API.

    Attributes:
        key: the region's key, and `region` AWS's name for it.
        functions: the names of `authorizer`, `resolvers` and, where the API publishes, `fan-out`.
        queues: the names of its dead-letter queues, by what lies in them.
        tables: the names of its global tables; none where each region has its own.
        receivers: AWS's names of the regions to which replication is watched from here.
    """

    domain: str
    key: str
    region: str
    api_id: pulumi.Input[str]
    functions: Mapping[str, pulumi.Input[str]]
    queues: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()

    def api(self, name: str, statistic: str = "Sum") -> Metric:
        """A metric of the GraphQL API."""
        return Metric(self.region, "AWS/AppSync", name, statistic, {"GraphQLAPIId": self.api_id})

    def function(self, which: str, name: str, statistic: str = "Sum") -> Metric:
        """A metric of one of the functions."""
        return Metric(self.region, "AWS/Lambda", name, statistic, {"FunctionName": self.functions[which]})

    def own(self, name: str, statistic: str = "Average") -> Metric:
        """A metric that the region's health function tells."""
        return Metric(self.region, OWN_NAMESPACE, name, statistic, {"Domain": self.domain, "Region": self.key})

    def letters(self, what: str) -> Metric:
        """How many undelivered things lie in a queue."""
        dimensions = {"QueueName": self.queues[what]}
        return Metric(self.region, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", dimensions)

    def replication(self) -> list[Metric]:
        """How long writes of this region take to the others that are watched from here, table by table."""
        return [
            Metric(
                self.region,
                "AWS/DynamoDB",
                "ReplicationLatency",
                "Average",
                {"TableName": table, "ReceivingRegion": receiver},
            )
            for receiver in self.receivers
            for table in self.tables
        ]
