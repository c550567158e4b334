"""What makes the regions of a stack's config ones that can be deployed."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml

from components import aws_regions, config_region_options
from components.config_error import MISSING, PREFIX, SECRET, Problem, closest

_OPTIONS = ("region", *config_region_options.NAMES)
_KEY = re.compile(r"[a-z][a-z0-9-]{0,29}")
_NAME = re.compile(r"[\w-]+")
_EXAMPLE = f"{PREFIX}regions:\n  ireland: eu-west-1\n  sydney: ap-southeast-2"


def aws_region(value: Any) -> str:
    """AWS's name for a region, of either form in which a config may give it."""
    return str(value["region"] if isinstance(value, Mapping) else value)


def written(own: Mapping[str, Any]) -> Mapping[Any, Any]:
    """The regions as they are written; none where they are no mapping, which is a problem of its own."""
    regions = own.get("regions")
    return regions if isinstance(regions, Mapping) else {}


def places(own: Mapping[str, Any]) -> dict[Any, str]:
    """Keys to AWS's names of their regions, of those that are written as they should be, in their order."""
    return {key: aws_region(place) for key, place in written(own).items() if not list(_place_problems(key, place))}


def shown(place: Any) -> Any:
    """A region as an error may show it: headers that were put there by mistake hold secrets."""
    if isinstance(place, Mapping):
        return {_name(option): shown(value) if option in _OPTIONS else SECRET for option, value in place.items()}
    return [shown(item) for item in place] if isinstance(place, list) else place


def _name(option: Any) -> Any:
    """It, but not `x-api-key:VALUE`, where YAML wants a space to tell the two apart."""
    return option if _NAME.fullmatch(str(option)) else SECRET


def problems(own: Mapping[str, Any]) -> Iterator[Problem]:
    value = own.get("regions", MISSING)
    if not isinstance(value, Mapping) or not value:
        yield Problem(
            f"{PREFIX}regions",
            shown(value),
            "The regions are a mapping, of at least one key of your own choice to an AWS region each.",
            "<key>: <AWS region>, one a line",
            _mended(value),
        )
        return
    taken = set(places(own).values())
    seen: dict[str, str] = {}
    for key, place in value.items():
        yield from _key_problems(key, place)
        found = list(_place_problems(key, place, taken))
        yield from found
        yield from _option_problems(key, place, taken)
        if not found:
            name = aws_region(place)
            if name in seen:
                yield _problem(
                    key,
                    place,
                    f"It is already the region of {seen[name]}, and latency records take one a region.",
                    "a region that no other key has, or remove the line",
                    _line(seen[name] if is_key(seen[name]) else key, name, place),
                )
            seen.setdefault(name, key)


def _mended(value: Any) -> str:
    """The mapping that a list or a single region was probably meant to be."""
    items = value if isinstance(value, list) else [value]
    names = [item for item in items if isinstance(item, str) and item in aws_regions.usable()]
    if not names:
        return _EXAMPLE
    lines = (f"  {aws_regions.suggested_key(name)}: {name}" for name in dict.fromkeys(names))
    return "\n".join([f"{PREFIX}regions:", *lines])


def is_key(key: Any) -> bool:
    """Whether a region may have it."""
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def mended_key(key: Any) -> str:
    """The key that it was probably meant to be: itself where it is good."""
    if is_key(key):
        return str(key)
    return re.sub(r"^[^a-z]+|[^a-z0-9-]", "", str(key).lower())[:30] or "ireland"


def _key_problems(key: Any, place: Any) -> Iterator[Problem]:
    if not is_key(key):
        name = aws_region(place) if list(_place_problems(key, place)) == [] else "eu-west-1"
        yield _problem(
            key,
            place,
            "A key becomes part of host names and is what the latency records answer.",
            "lower-case letters, digits and hyphens, a letter first, at most 30 characters",
            _line(key, name, place),
        )


def _option_problems(key: Any, place: Any, taken: Collection[str]) -> Iterator[Problem]:
    for fault in config_region_options.faults(place):
        name = closest(str(place.get("region")), aws_regions.usable()) or _free(key, taken)
        mended = {**place, fault.option: fault.meant}
        yield _problem(f"{key}.{fault.option}", place[fault.option], fault.rule, fault.valid, _line(key, name, mended))


def _place_problems(key: Any, place: Any, taken: Collection[str] = ()) -> Iterator[Problem]:
    if isinstance(place, Mapping):
        unknown = [option for option in place if option not in _OPTIONS]
        for option in unknown:
            nearest = closest(str(option), _OPTIONS)
            hint = f"Did you mean {nearest}?" if nearest else f"Headers for its origin go below {PREFIX}originHeaders."
            yield _problem(
                f"{key}.{_name(option)}",
                SECRET,
                f"A region has no such option. {hint}",
                ", ".join(_OPTIONS),
                _line(key, closest(str(place.get("region")), aws_regions.usable()) or _free(key, taken), place),
            )
        if "region" not in place and not unknown:
            yield _unknown_region(key, place, place, taken)
        if "region" not in place:
            return
    name = aws_region(place)
    if name not in aws_regions.known():
        yield _unknown_region(key, place["region"] if isinstance(place, Mapping) else place, place, taken)
    elif name not in aws_regions.usable():
        nearest = closest(name, aws_regions.usable()) or _free(key, taken)
        yield _problem(
            key,
            name,
            f"That region has no {' and no '.join(aws_regions.lacking(name))}, which a region of the API needs.",
            ", ".join(sorted(aws_regions.usable())),
            _line(key, nearest, place),
        )


def _unknown_region(key: Any, value: Any, place: Any, taken: Collection[str]) -> Problem:
    nearest = closest(str(value), aws_regions.usable())
    return _problem(
        key,
        value,
        f"That is no AWS region.{f' Did you mean {nearest}?' if nearest else ''}",
        ", ".join(sorted(aws_regions.usable())),
        _line(key, nearest or _free(key, taken), place),
    )


def _free(key: Any, taken: Collection[str]) -> str:
    """A region that no other key has: the one that the key names, where it names one."""
    free = sorted(aws_regions.usable() - set(taken), key=lambda region: (region != "eu-west-1", region))
    return next((region for region in free if aws_regions.suggested_key(region) == key), next(iter(free), "eu-west-1"))


def _problem(key: Any, value: Any, rule: str, valid: str, written: str) -> Problem:
    return Problem(f"{PREFIX}regions.{key}", shown(value), rule, valid, written)


def _line(key: Any, name: str, place: Any) -> str:
    """What to write; never a key, a region or an option that is itself refused, and every one that is not."""
    options = config_region_options.good(place)
    written = yaml.safe_dump({"region": name, **options} if options else name, default_flow_style=True, sort_keys=False)
    return f"{PREFIX}regions:\n  {mended_key(key)}: {written.splitlines()[0]}"
