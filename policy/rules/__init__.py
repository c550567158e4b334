"""The rules, one a file, in a folder a group. A rule is named after both: `edge-caching-disabled`.

What the rules of a group share is in that group's folder `shared`; what several groups share is in `shared` here.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from pulumi_policy import Policy

GROUPS = ("edge", "lambda_edge", "routing", "regions", "api", "data")


def _rules() -> Iterator[Policy]:
    for group in GROUPS:
        for file in sorted((Path(__file__).parent / group).glob("[a-z]*.py")):
            yield import_module(f".{group}.{file.stem}", __name__).RULE


POLICIES: list[Policy] = [*_rules()]
