"""What DynamoDB measures of the replication of global tables.

Source: "DynamoDB metrics and dimensions" in the Amazon DynamoDB Developer Guide: in the region that was written to, in
milliseconds, of tables with eventual consistency.
"""

from sandbox.cloudwatch.store import MetricStore, metric

_MILLISECONDS = 1000.0


class TableMetrics:
    """Counts for all tables."""

    def __init__(self, store: MetricStore | None = None) -> None:
        self._store = store or MetricStore()

    def replicated(self, region: str, table: str, receiving: str, seconds: float) -> None:
        """An item of the region's table was in that of the `receiving` region so long after it was written."""
        dimensions = {"TableName": table, "ReceivingRegion": receiving}
        found = metric(region, "AWS/DynamoDB", "ReplicationLatency", dimensions)
        self._store.record(found, seconds * _MILLISECONDS)
