"""Truth in the emulator's XML: for a health check's settings it writes Python's words, which readers take for no."""

import re

_SETTINGS = b"MeasureLatency|EnableSNI|Inverted|Disabled"  # "HealthCheckConfig" in the Route 53 API Reference
_WORD = re.compile(rb"(?<=>)(?:True|False)(?=</(?:" + _SETTINGS + rb")>)")


def corrected(document: bytes) -> bytes:
    """The document with `true` and `false` as XML Schema has them."""
    return _WORD.sub(lambda match: match[0].lower(), document)
