"""What Lambda measures of functions.

Names, units and the dimension: "Types of metrics for Lambda functions" in the AWS Lambda Developer Guide.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.cloudwatch.store import Metric, MetricStore

_NAMESPACE, _DIMENSION = "AWS/Lambda", "FunctionName"
_MILLISECONDS = 1000.0


class FunctionMetrics:
    """Counts for all functions, by the region that they run in and their name."""

    def __init__(self, store: MetricStore | None = None) -> None:
        self._store = store or MetricStore()

    @contextmanager
    def invocation(self, region: str, name: str) -> Iterator[None]:
        """Surrounds an invocation. One that succeeds counts as no error, so that the average is the errors' rate."""
        began, failed = time.perf_counter(), 0.0
        try:
            yield
        except Exception:
            failed = 1.0
            raise
        finally:
            self._count(region, name, "Invocations")
            self._count(region, name, "Errors", failed)
            self._count(region, name, "Duration", (time.perf_counter() - began) * _MILLISECONDS)

    def throttled(self, region: str, name: str) -> None:
        """The function was not invoked, because it runs too often already."""
        self._count(region, name, "Throttles")

    def iterator_age(self, function_arn: str, seconds: float) -> None:
        """How old the last record of a stream's batch was, when the function was done with it."""
        _, _, _, region, _, _, name, *_ = function_arn.split(":")
        scale = 1 / self._store.real(1)  # it has waited on AWS's behalf, whose time may pass faster than this machine's
        self._count(region, name, "IteratorAge", seconds * scale * _MILLISECONDS)

    def _count(self, region: str, name: str, what: str, value: float = 1.0) -> None:
        self._store.record(Metric(region, _NAMESPACE, what, ((_DIMENSION, name),)), value)
