import json
from typing import Any

import pytest

from sandbox.cloudwatch.embedded_metrics import Measured, measured

DOCUMENT: dict[str, Any] = {
    "_aws": {
        "Timestamp": 1,
        "CloudWatchMetrics": [
            {
                "Namespace": "Antipodes",
                "Dimensions": [["Domain", "Region"], ["Domain"]],
                "Metrics": [{"Name": "Healthy", "Unit": "Count"}, {"Name": "CanaryLatency", "Unit": "Milliseconds"}],
            }
        ],
    },
    "Domain": "example.com",
    "Region": "ireland",
    "Healthy": 1,
    "CanaryLatency": [3.5, 4],
}


def test_each_metric_is_told_for_each_set_of_dimensions() -> None:
    both = {"Domain": "example.com", "Region": "ireland"}
    domain = {"Domain": "example.com"}

    assert list(measured(json.dumps(DOCUMENT))) == [
        Measured("Antipodes", "Healthy", both, (1.0,)),
        Measured("Antipodes", "CanaryLatency", both, (3.5, 4.0)),
        Measured("Antipodes", "Healthy", domain, (1.0,)),
        Measured("Antipodes", "CanaryLatency", domain, (3.5, 4.0)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "a line",
        '{"level": "INFO"}',
        '{"_aws": 1}',
        '{"_aws": {"CloudWatchMetrics": 5}}',
        '"_aws"',
        json.dumps({**DOCUMENT, "Healthy": "yes"}),
        json.dumps({key: value for key, value in DOCUMENT.items() if key != "Region"}),
        "x" + json.dumps(DOCUMENT),
    ],
)
def test_any_other_line_holds_none(line: str) -> None:
    assert list(measured(line)) == []
