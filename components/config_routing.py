"""How the edge picks a region: the settings that have to fit the regions, and one another."""

from collections.abc import Iterator, Mapping
from typing import Any

from components import config_region_options, config_regions
from components.config_error import PREFIX, Problem, closest


def problems(own: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _nobody_serves(own)
    yield from _writes(own)
    if own.get("router") == "function":
        yield from _without_dns(own)


def _without_dns(own: Mapping[str, Any]) -> Iterator[Problem]:
    rules = {
        "routing": "With router: function there is nothing to choose: it goes by the viewer's edge location, always.",
        "failover": "With router: function nobody asks DNS, so no health check takes a region out of rotation.",
    }
    for key, rule in rules.items():
        if key in own:
            yield Problem(
                f"{PREFIX}{key}",
                own[key],
                rule,
                f"no such line; or {PREFIX}router: lambda, the default",
                f"# remove the line {PREFIX}{key}",
            )


def _nobody_serves(own: Mapping[str, Any]) -> Iterator[Problem]:
    places = config_regions.places(own)
    written = config_regions.written(own)
    if places and not any(_serves(written[key]) for key in places):
        key, name = next(iter(places.items()))
        yield Problem(
            f"{PREFIX}regions",
            {key: config_regions.shown(place) for key, place in written.items()},
            "Somebody has to take the requests: of all regions, at least one is not drained and has a dial above 0.",
            "drained: false and a dial of 1 to 100, the defaults, for one region or more",
            f"{PREFIX}regions:\n  {config_regions.mended_key(key)}: {name}",
        )


def _serves(place: Any) -> bool:
    """An option that is wrong is told by its own rule, and taken for its default here."""
    options = config_region_options.good(place)
    return not options.get("drained") and options.get("dial") != 0


def _writes(own: Mapping[str, Any]) -> Iterator[Problem]:
    if "writes" not in own:
        return
    written = config_regions.written(own)
    # As they will be: what is wrong with the regions is told by their own rules.
    keys = {config_regions.mended_key(key): place for key, place in written.items()}
    takers = [key for key, place in keys.items() if not config_region_options.good(place).get("drained")]
    value = own["writes"]
    if value in takers:
        return
    if value in list(keys):
        rule = "That region is drained, and gets no request: every write would go elsewhere."
    else:
        rule = "Where one region takes all writes, it is one of the stack's regions."
    # A line without a value asks for no writer.
    meant = closest(str(value), takers) or next(iter(takers), None) if value not in (None, "") else None
    yield Problem(
        f"{PREFIX}writes",
        value,
        rule,
        f"{', '.join(takers) or 'a region that is not drained'}; or no such line: every region takes writes",
        f"{PREFIX}writes: {meant}" if meant else f"# remove the line {PREFIX}writes",
    )
