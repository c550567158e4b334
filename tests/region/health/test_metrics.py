import json

from region.health.metrics import Metrics, line


def test_figures_belong_to_the_report_after_which_they_are_taken() -> None:
    metrics = Metrics()
    metrics.add("Probes", 1)
    metrics.add("Probes", 1)
    metrics.put("Healthy", 1)

    assert metrics.take() == {"Probes": 2, "Healthy": 1}
    assert metrics.take() == {}


FIGURES = {"Healthy": 0, "Probes": 1, "CanaryLatency": 12.5}


def test_a_line_is_what_cloudwatch_takes_for_figures_of_the_region() -> None:
    told = json.loads(line("example.com", "ireland", FIGURES, 1_800_000_000.25))

    assert told == {
        "_aws": {
            "Timestamp": 1_800_000_000_250,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Antipodes",
                    "Dimensions": [["Domain", "Region"]],
                    "Metrics": [
                        {"Name": "Healthy", "Unit": "None"},
                        {"Name": "Probes", "Unit": "Count"},
                        {"Name": "CanaryLatency", "Unit": "Milliseconds"},
                    ],
                }
            ],
        },
        "Domain": "example.com",
        "Region": "ireland",
        "Healthy": 0,
        "Probes": 1,
        "CanaryLatency": 12.5,
    }
