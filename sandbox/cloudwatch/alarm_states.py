"""The state of a metric alarm, by the data points that there are.

Source: "Configuring how CloudWatch alarms treat missing data" in the Amazon CloudWatch User Guide.
"""

import operator
from collections.abc import Callable, Mapping, Sequence

ALARM, OK, UNKNOWN = "ALARM", "OK", "INSUFFICIENT_DATA"

# CloudWatch looks at more periods than an alarm names, so that late points count: in its examples, at two more.
MORE_PERIODS = 2

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def state(breaches: Sequence[bool | None], *, of: int, needed: int, missing: str, before: str) -> str:
    """The state after these periods.

    Args:
        breaches: whether the point of each period is beyond the threshold, None where there is no point; the newest
            last, `MORE_PERIODS` more than `of`.
        of: how many points are looked at (EvaluationPeriods).
        needed: how many of them must be beyond the threshold (DatapointsToAlarm).
        missing: what is assumed of periods without a point (TreatMissingData).
        before: the state so far.
    """
    points = [breach for breach in breaches if breach is not None][-of:]
    beyond, lacking = sum(points), of - len(points)
    if missing == "breaching":
        beyond += lacking
    if beyond >= needed:
        return ALARM
    if not lacking or missing in ("breaching", "notBreaching"):
        return OK
    if not points:
        return before if missing == "ignore" else UNKNOWN
    if not all(points):
        return OK
    if missing == "ignore":
        return before
    # All that there is breaches. That is an alarm if the first of it is old enough that, without gaps, there would be
    # as many as are needed.
    age = len(breaches) - next(at for at, breach in enumerate(breaches) if breach)
    return ALARM if age >= needed else OK
