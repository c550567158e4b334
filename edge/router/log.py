"""Lines in the function's log, for people and for metric filters: JSON, and few.

CloudFront keeps them in the region that ran the router, in /aws/lambda/us-east-1.<function>. Nothing of a request is
ever in them: headers and bodies hold what must not lie in a log.
"""

from __future__ import annotations

import json
import time

SECONDS_APART = 5

_next: dict[str, float] = {}


def report(event: str, **facts: object) -> None:
    """Writes one line. It never raises: what cannot be logged must not cost a viewer the answer."""
    try:
        print(json.dumps({"antipodes": "router", "event": event, **facts}))  # noqa: T201 - Lambda's log
    except (OSError, TypeError, ValueError):
        return


def report_seldom(event: str, **facts: object) -> None:
    """Writes one line, unless there was one of the same `event` in the last `SECONDS_APART`.

    For what may go wrong in every request: a line each would cost more than the requests do.
    """
    now = time.monotonic()
    if now >= _next.get(event, now):
        _next[event] = now + SECONDS_APART
        report(event, **facts)


def report_defect(error: BaseException) -> None:
    """Tells that the router failed, and where in its code; never the error's text, which may quote a header."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "unknown"
    if trace is not None:
        where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
    report_seldom("defect", error=type(error).__name__, at=where)
