"""What a region may be given besides its place: how much of its traffic it takes, and whether it takes any."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAMES = ("dial", "drained")
WHOLE_DIAL = 100
"""Of a region that takes all of its traffic."""

_DIAL = re.compile(r"\d{1,2}|100", re.ASCII)
_FLAGS = {"true": True, "false": False}
_YES = ("yes", "y", "on", "1")


@dataclass(frozen=True)
class Fault:
    """An option that is not as it should be, and what it was probably meant to be."""

    option: str
    rule: str
    valid: str
    meant: int | bool


def dial(place: Any) -> int:
    """The percentage of its viewers that a region takes, of either form in which a config may give a region."""
    return int(_option(place, "dial", WHOLE_DIAL))


def drained(place: Any) -> bool:
    """Whether a region is to get no request at all."""
    return _FLAGS[str(_option(place, "drained", default=False)).lower()]


def good(place: Any) -> dict[str, int | bool]:
    """The options of `place` that are written, and as they should be."""
    bad = {fault.option for fault in faults(place)}
    written = [name for name in NAMES if isinstance(place, Mapping) and name in place and name not in bad]
    return {name: dial(place) if name == "dial" else drained(place) for name in written}


def faults(place: Any) -> Iterator[Fault]:
    value = _option(place, "dial", WHOLE_DIAL)
    # The engine hands a number over as a number or as a text, by the way that it was written.
    if isinstance(value, bool) or not isinstance(value, int | str) or not _DIAL.fullmatch(str(value)):
        yield Fault(
            "dial",
            "The dial is the percentage of its viewers that a region takes: a whole number, without a sign for it.",
            f"0 to 100; {WHOLE_DIAL} where there is no such line",
            _meant(value),
        )
    flag = str(_option(place, "drained", default=False)).lower()
    if flag not in _FLAGS:
        rule = "A drained region stays deployed and gets no request: a yes or a no."
        yield Fault("drained", rule, "true, false", flag in _YES)


def _option(place: Any, name: str, default: Any) -> Any:
    return place.get(name, default) if isinstance(place, Mapping) else default


def _meant(value: Any) -> int:
    """The dial that `50%` or `49.9` stands for; where nothing is written the default, else half."""
    if value in (None, ""):
        return WHOLE_DIAL
    try:
        percentage = round(float(str(value).strip().removesuffix("%")))
    except (ValueError, OverflowError):
        return WHOLE_DIAL // 2
    return min(max(percentage, 0), WHOLE_DIAL)
