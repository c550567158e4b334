"""The headers that each region's origin gets from the edge alone, on their way to the router.

A Lambda@Edge function has no environment, and its package is no place for a secret: so they travel as custom headers
of the default origin, which the router gets in each event, decodes, and takes off the request.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

NAME = "x-antipodes-secret-"
"""Of the header that carries the first part, with 0 after it, and of the others, counting on."""

_LONGEST_PART = 1700  # characters; CloudFront takes 1,783 ("Quotas on headers" in its Developer Guide)
_MOST = 10_240  # characters of all names and values together, from the same source; so there are 6 parts at most


def packed(headers: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Names and values of the custom headers that hold `headers` (region key -> name -> value); none for none."""
    if not headers:
        return {}
    text = base64.b64encode(json.dumps(headers, separators=(",", ":"), sort_keys=True).encode()).decode()
    parts = [text[start : start + _LONGEST_PART] for start in range(0, len(text), _LONGEST_PART)]
    return {f"{NAME}{number}": part for number, part in enumerate(parts)}


def excess(headers: Mapping[str, Mapping[str, Any]]) -> int:
    """By how many characters `headers`, packed, are more than CloudFront takes; 0 where they fit."""
    return max(sum(len(name) + len(part) for name, part in packed(headers).items()) - _MOST, 0)


def normalized(headers: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """With names in lower case, as the router's events have them, and without regions that have none."""
    lower = {key: {name.lower(): value for name, value in of_region.items()} for key, of_region in headers.items()}
    return {key: of_region for key, of_region in lower.items() if of_region}
