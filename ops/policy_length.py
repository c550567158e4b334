"""How long an IAM policy is, and its parts where it is longer than IAM takes.

Source: "IAM and AWS STS quotas" in the IAM User Guide.
"""

import json
from collections.abc import Mapping
from typing import Any

MANAGED = 6_144
"""Characters that a managed policy has at most; ten of them can be attached to a role, unless AWS allows more."""

INLINE = 10_240
"""Characters that all inline policies of a role have together at most."""


def length(document: Mapping[str, Any]) -> int:
    """In characters, as IAM counts them: without spaces."""
    return len(json.dumps(document, separators=(",", ":")))


def parts(document: Mapping[str, Any], longest: int = MANAGED) -> list[dict[str, Any]]:
    """Documents that together allow what `document` does, none of them longer than `longest`.

    A statement that is too long is in several, each time for some of its resources.
    """
    made: list[dict[str, Any]] = []
    for statement in document["Statement"]:
        for resource in statement["Resource"]:
            if made and length(longer := _with(made[-1], statement, resource)) <= longest:
                made[-1] = longer
            else:
                made.append(_with({**document, "Statement": []}, statement, resource))
    return made


def _with(document: Mapping[str, Any], statement: Mapping[str, Any], resource: str) -> dict[str, Any]:
    """The document, and in it the statement for one resource more."""
    statements = document["Statement"]
    if statements and statements[-1]["Sid"] == statement["Sid"]:
        last = {**statements[-1], "Resource": [*statements[-1]["Resource"], resource]}
        return {**document, "Statement": [*statements[:-1], last]}
    return {**document, "Statement": [*statements, {**statement, "Resource": [resource]}]}
