"""What dashboards show, as CloudWatch wants it written.

Source: "Dashboard body structure and syntax" in the Amazon CloudWatch API Reference.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.metrics import Measured, Metric

Widget = dict[str, Any]
_COLUMNS, _WIDTH, _HEIGHT = 24, 8, 6
_PERIOD = 60  # seconds
_PERCENTILES = ("p50", "p90", "p99")


def region(measured: Measured) -> dict[str, Any]:
    """One region: what its clients meet, and what stands behind it."""
    functions = measured.functions
    graphs = {
        "Requests": {"requests": measured.api("Requests")},
        "Errors": {
            "5XX": measured.api("5XXError"),
            "4XX": measured.api("4XXError"),
            "resolvers": measured.function("resolvers", "Errors"),
        },
        "Latency, ms": {each: measured.api("Latency", each) for each in _PERCENTILES},
        "Real time": {
            "connections": measured.api("ActiveConnections"),
            "subscriptions": measured.api("ActiveSubscriptions"),
            "messages": measured.api("PublishDataMessageSuccess"),
        },
        "Authorizer": {
            "failures": measured.function("authorizer", "Errors"),
            "duration, ms": measured.function("authorizer", "Duration", "Average"),
        },
        "Throttles": {which: measured.function(which, "Throttles") for which in functions},
        **_stream([measured]),
        **_letters([measured]),
        **_replication([measured]),
        "Health": {"healthy": measured.own("Healthy", "Minimum")},
        "Canary write and read, ms": {each: measured.own("CanaryLatency", each) for each in ("Average", "p99")},
    }
    return _page(f"{measured.domain}: {measured.key} ({measured.region})", measured.region, graphs)


def overview(regions: Sequence[Measured]) -> dict[str, Any]:
    """All regions, a line each."""
    graphs: dict[str, Mapping[str, Metric]] = {
        "Requests": {each.key: each.api("Requests") for each in regions},
        "Failed resolvers, of one": {each.key: each.function("resolvers", "Errors", "Average") for each in regions},
        "5XX": {each.key: each.api("5XXError") for each in regions},
        "Latency, p99, ms": {each.key: each.api("Latency", "p99") for each in regions},
        "Health": {each.key: each.own("Healthy", "Minimum") for each in regions},
        "Connections": {each.key: each.api("ActiveConnections") for each in regions},
        "Authorizer failures": {each.key: each.function("authorizer", "Errors") for each in regions},
        "Throttles of resolvers": {each.key: each.function("resolvers", "Throttles") for each in regions},
        **_stream(regions),
        **_letters(regions),
        **_replication(regions),
    }
    title = f"{regions[0].domain}: {', '.join(each.key for each in regions)}"
    return _page(title, regions[0].region, graphs)


def _stream(regions: Sequence[Measured]) -> dict[str, Mapping[str, Metric]]:
    found = {
        each.key: each.function("fan-out", "IteratorAge", "Maximum") for each in regions if "fan-out" in each.functions
    }
    return {"Age of changes at the fan-out, ms": found} if found else {}


def _letters(regions: Sequence[Measured]) -> dict[str, Mapping[str, Metric]]:
    found = {f"{each.key}: {what}": each.letters(what) for each in regions for what in each.queues}
    return {"Dead letters": found} if found else {}


def _replication(regions: Sequence[Measured]) -> dict[str, Mapping[str, Metric]]:
    found = {
        f"{each.key} to {metric.dimensions['ReceivingRegion']}: {metric.dimensions['TableName']}": metric
        for each in regions
        for metric in each.replication()
    }
    return {"Replication, ms": found} if found else {}


def _page(title: str, region: str, graphs: Mapping[str, Mapping[str, Metric]]) -> dict[str, Any]:
    widgets: list[Widget] = [
        {"type": "text", "x": 0, "y": 0, "width": _COLUMNS, "height": 1, "properties": {"markdown": f"# {title}"}}
    ]
    for place, (name, metrics) in enumerate(graphs.items()):
        row, column = divmod(place, _COLUMNS // _WIDTH)
        widgets.append(
            {
                "type": "metric",
                "x": column * _WIDTH,
                "y": 1 + row * _HEIGHT,
                "width": _WIDTH,
                "height": _HEIGHT,
                "properties": {
                    "title": name,
                    "region": region,
                    "period": _PERIOD,
                    "metrics": [_line(metric, label) for label, metric in metrics.items()],
                },
            }
        )
    return {"widgets": widgets}


def _line(metric: Metric, label: str) -> list[Any]:
    named = [part for pair in metric.dimensions.items() for part in pair]
    options = {"label": label, "stat": metric.statistic, "region": metric.region}
    return [metric.namespace, metric.name, *named, options]
