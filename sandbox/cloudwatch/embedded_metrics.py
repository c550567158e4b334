"""Metrics in what a function prints: the CloudWatch embedded metric format.

Source: "Specification: Embedded metric format" in the Amazon CloudWatch User Guide. Its timestamp is the function's,
whose clock may be a simulated one: here a metric is of the time at which its line is read.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

_MARK = '"_aws"'  # few lines have it, and only those are parsed


class Measured(NamedTuple):
    """One metric of a line, with one set of dimensions."""

    namespace: str
    name: str
    dimensions: dict[str, str]
    values: tuple[float, ...]


def measured(line: str) -> Iterator[Measured]:
    """The metrics that the line holds; none where it is no document of the format."""
    if _MARK not in line:
        return
    try:
        document = json.loads(line)
        directives = document["_aws"]["CloudWatchMetrics"]
        for directive in directives:
            yield from _of(directive, document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return


def _of(directive: dict[str, Any], document: dict[str, Any]) -> Iterator[Measured]:
    for names in directive["Dimensions"]:
        dimensions = {name: str(document[name]) for name in names}
        for definition in directive["Metrics"]:
            values = document[definition["Name"]]
            numbers = tuple(float(value) for value in (values if isinstance(values, list) else [values]))
            yield Measured(directive["Namespace"], definition["Name"], dimensions, numbers)
