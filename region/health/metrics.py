"""Figures for CloudWatch, which it takes from lines of the function's log.

Source: "Specification: Embedded metric format" in the Amazon CloudWatch User Guide.
"""

import json
from threading import Lock

NAMESPACE = "Antipodes"
_UNITS = {"Healthy": "None", "Probes": "Count", "CanaryLatency": "Milliseconds"}


class Metrics:
    """The figures of one report; what a check tells after it belongs to the next one."""

    def __init__(self) -> None:
        self._figures: dict[str, float] = {}
        self._lock = Lock()

    def add(self, name: str, number: float) -> None:
        with self._lock:
            self._figures[name] = self._figures.get(name, 0) + number

    def put(self, name: str, number: float) -> None:
        with self._lock:
            self._figures[name] = number

    def take(self) -> dict[str, float]:
        """The figures since the last time."""
        with self._lock:
            figures, self._figures = self._figures, {}
            return figures


def line(domain: str, region: str, figures: dict[str, float], now: float) -> str:
    """The log's line of these figures; `now` is in seconds since 1970."""
    described = [{"Name": name, "Unit": _UNITS[name]} for name in figures]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["Domain", "Region"]], "Metrics": described}
    metadata = {"Timestamp": int(now * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": metadata, "Domain": domain, "Region": region, **figures})
