"""Which region is the home of the tables, and between which regions they may be strongly consistent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from components import aws_regions, config_regions
from components.config_error import MISSING, PREFIX, Problem, closest

DEFAULT_DATA = "replicated"

_STRONG_REGIONS = 3  # no more and no fewer: "How DynamoDB global tables work" in the Amazon DynamoDB Developer Guide


def home(own: Mapping[str, Any]) -> Iterator[Problem]:
    match own.get("data", DEFAULT_DATA):
        case "replicated":
            yield from _home_of_replicated(own)
        case "regional" if "home" in own:
            yield Problem(
                f"{PREFIX}home",
                own["home"],
                "With data: regional each region has tables of its own, and none is their home.",
                f"no such line; or {PREFIX}data: replicated",
                f"# remove the line {PREFIX}home",
            )


def _home_of_replicated(own: Mapping[str, Any]) -> Iterator[Problem]:
    value = own.get("home", MISSING)
    # As they will be: what is wrong with the regions is told by their own rules.
    keys = [config_regions.mended_key(key) for key in config_regions.written(own)]
    if value in keys or (not keys and config_regions.is_key(value)):
        return
    if value is MISSING:
        rule = "With data: replicated, the default, one region is the home of the tables for as long as they live."
    else:
        rule = (
            "The home is one of the stack's regions. It owns the tables, and does not move: where they are deployed "
            f"already, put its line under {PREFIX}regions back; on a stack that was never deployed, choose one of "
            "those listed."
        )
    yield Problem(
        f"{PREFIX}home", value, rule, ", ".join(keys) or f"a key under {PREFIX}regions", _mended(own, value, keys)
    )


def _mended(own: Mapping[str, Any], value: Any, keys: Sequence[str]) -> str:
    places = config_regions.places(own)
    named = [config_regions.mended_key(key) for key, region in places.items() if region == value]
    meant = closest(str(value), keys) or next(iter(named), None)
    chosen = f"{PREFIX}home: {meant or next(iter(keys), 'ireland')}"
    if meant or not config_regions.is_key(value):
        return chosen
    # It was a region of the stack, and has gone from it.
    free = sorted(aws_regions.usable() - set(places.values()))
    region = next((each for each in free if aws_regions.suggested_key(each) == value), "<its AWS region>")
    back = yaml.safe_dump({f"{PREFIX}regions": {value: region}})
    return f"{back}# or, on a stack that was never deployed:\n# {chosen}"


def consistency(own: Mapping[str, Any]) -> Iterator[Problem]:
    if own.get("consistency") != "strong":
        return
    regions = list(config_regions.places(own).values())
    if own.get("data", DEFAULT_DATA) == "regional":
        rule = "With data: regional no region has another's rows, so there is nothing to be consistent with."
    elif len(regions) != _STRONG_REGIONS:
        rule = f"DynamoDB's strongly consistent tables lie in exactly {_STRONG_REGIONS} regions, not in {len(regions)}."
    elif not any(each.issuperset(regions) for each in aws_regions.STRONG_SETS):
        rule = f"DynamoDB's strongly consistent tables lie within one set of regions, and {', '.join(regions)} do not."
    else:
        return
    sets = " | ".join(" ".join(sorted(each)) for each in aws_regions.STRONG_SETS)
    yield Problem(
        f"{PREFIX}consistency",
        own["consistency"],
        rule,
        f"eventual; or strong, with data: replicated and {_STRONG_REGIONS} regions of one of these sets: {sets}",
        f"{PREFIX}consistency: eventual",
    )
