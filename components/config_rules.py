"""What makes a stack's config one that can be deployed. Each rule yields the problems that it finds."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from components import aws_regions
from components.config_error import MISSING, Problem

DEFAULT_SUBDOMAIN = "global-api"
LATENCY_LABEL = "latency-routing"
DEFAULT_ORIGIN_LABEL = "default-origin"
REGION_HOST_SUFFIX = "-appsync"

_PREFIX = "antipodes:"
_CHOICES = {"hostedZone": ("existing", "create"), "api": ("graphql",), "data": ("regional",)}
_KEYS = ("domain", "subdomain", "hostedZone", "api", "data", "protected", "regions")
_REGION_OPTIONS = ("region",)

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_REGION_KEY = re.compile(r"[a-z][a-z0-9-]{0,29}")
_LONGEST_DOMAIN = 64  # of a certificate's first name: RequestCertificate in the ACM API Reference

_EXAMPLE_REGIONS = f"{_PREFIX}regions:\n  ireland: eu-west-1\n  sydney: ap-southeast-2"


def problems(config: Mapping[str, Any]) -> list[Problem]:
    """All that is wrong with `config` (full keys to decoded values), in the order of the rules below."""
    own = {key.removeprefix(_PREFIX): value for key, value in config.items() if key.startswith(_PREFIX)}
    rules: tuple[Callable[[Mapping[str, Any]], Iterable[Problem]], ...] = (
        _unknown_keys,
        _domain,
        _subdomain,
        _choices,
        _protected,
        _regions,
    )
    return [
        *_provider_region(config),
        *_misspelt_namespaces(config),
        *(problem for rule in rules for problem in rule(own)),
    ]


def aws_region(value: Any) -> str:
    """AWS's name for a region, of either form in which a config may give it."""
    return str(value["region"] if isinstance(value, Mapping) else value)


def _provider_region(config: Mapping[str, Any]) -> Iterator[Problem]:
    value = config.get("aws:region", MISSING)
    if value != "us-east-1":
        yield Problem(
            "aws:region",
            value,
            "What is global (certificates of CloudFront, Lambda@Edge functions) lives in us-east-1.",
            "us-east-1; the API's own regions are listed under antipodes:regions",
            "aws:region: us-east-1",
        )


def _misspelt_namespaces(config: Mapping[str, Any]) -> Iterator[Problem]:
    """Other namespaces are others' to judge, but one that is nearly ours was meant for us."""
    for key, value in config.items():
        namespace, _, setting = key.partition(":")
        if f"{namespace}:" != _PREFIX and difflib.get_close_matches(f"{namespace.lower()}:", [_PREFIX], cutoff=0.85):
            yield Problem(
                key,
                value,
                f"Nobody reads the namespace {namespace}. Did you mean {_PREFIX.removesuffix(':')}?",
                ", ".join(f"{_PREFIX}{each}" for each in _KEYS),
                f"{_PREFIX}{_nearest(setting, _KEYS) or setting}: ...",
            )


def _unknown_keys(own: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in own.items():
        if key not in _KEYS:
            nearest = _nearest(key, _KEYS)
            yield Problem(
                f"{_PREFIX}{key}",
                value,
                f"There is no such setting.{f' Did you mean {nearest}?' if nearest else ''}",
                ", ".join(_KEYS),
                f"{_PREFIX}{nearest}: ..." if nearest else f"# remove the line {_PREFIX}{key}",
            )


def _domain(own: Mapping[str, Any]) -> Iterator[Problem]:
    value = own.get("domain", MISSING)
    if isinstance(value, str) and _is_domain(value):
        return
    yield Problem(
        f"{_PREFIX}domain",
        value,
        "The domain is the name of a Route 53 hosted zone alone: no scheme, port, path, wildcard or final dot.",
        "two or more labels of lower-case letters, digits and hyphens, joined by dots, "
        f"at most {_LONGEST_DOMAIN} characters in all; write an international name in its xn-- form",
        f"{_PREFIX}domain: {_mended_domain(value)}",
    )


def _is_domain(value: str) -> bool:
    labels = value.split(".")
    return len(labels) > 1 and len(value) <= _LONGEST_DOMAIN and all(map(_LABEL.fullmatch, labels))


def _mended_domain(value: Any) -> str:
    bare = re.sub(r"^[a-z+]+://|^\*\.|[:/?#].*$|\.$", "", str(value).strip().lower())
    return bare if _is_domain(bare) else "example.com"


def _subdomain(own: Mapping[str, Any]) -> Iterator[Problem]:
    value = own.get("subdomain", DEFAULT_SUBDOMAIN)
    if not isinstance(value, str) or not _LABEL.fullmatch(value):
        rule = "The subdomain is one label, because the wildcard certificate covers one."
    elif value in _taken_labels(own):
        rule = "The name is in use in the same zone by a region, by the latency records or by the default origin."
    else:
        return
    yield Problem(
        f"{_PREFIX}subdomain",
        value,
        rule,
        "lower-case letters, digits and hyphens, at most 63, no hyphen at either end; "
        f"not {LATENCY_LABEL}, {DEFAULT_ORIGIN_LABEL} or <region key>{REGION_HOST_SUFFIX}",
        f"{_PREFIX}subdomain: {DEFAULT_SUBDOMAIN}",
    )


def _taken_labels(own: Mapping[str, Any]) -> set[str]:
    regions = own.get("regions")
    keys = regions if isinstance(regions, Mapping) else ()
    return {LATENCY_LABEL, DEFAULT_ORIGIN_LABEL, *(f"{key}{REGION_HOST_SUFFIX}" for key in keys)}


def _choices(own: Mapping[str, Any]) -> Iterator[Problem]:
    for key, valid in _CHOICES.items():
        if key in own and own[key] not in valid:
            yield Problem(
                f"{_PREFIX}{key}",
                own[key],
                "The setting takes one of a few values.",
                ", ".join(valid),
                f"{_PREFIX}{key}: {_nearest(str(own[key]), valid) or valid[0]}",
            )


def _protected(own: Mapping[str, Any]) -> Iterator[Problem]:
    value = own.get("protected", False)
    if str(value).lower() not in {"true", "false"}:
        yield Problem(
            f"{_PREFIX}protected",
            value,
            "A protected stack keeps a deleted secret for 30 days and refuses to delete a table: a yes or a no.",
            "true, false",
            f"{_PREFIX}protected: true",
        )


def _regions(own: Mapping[str, Any]) -> Iterator[Problem]:
    value = own.get("regions", MISSING)
    if not isinstance(value, Mapping) or not value:
        yield Problem(
            f"{_PREFIX}regions",
            value,
            "The regions are a mapping, of at least one key of your own choice to an AWS region each.",
            "<key>: <AWS region>, one a line",
            _mended_regions(value),
        )
        return
    places: dict[str, str] = {}
    for key, place in value.items():
        yield from _region_key(key, place)
        found = list(_region_place(key, place))
        yield from found
        if not found:
            name = aws_region(place)
            if name in places:
                yield _region_problem(
                    key,
                    place,
                    f"{name} is already the region of {places[name]}, and latency records take one a region.",
                    "a region that no other key has, or remove the line",
                    _region_line(places[name] if _is_region_key(places[name]) else key, name),
                )
            places.setdefault(name, key)


def _mended_regions(value: Any) -> str:
    """The mapping that a list or a single region was probably meant to be."""
    items = value if isinstance(value, list) else [value]
    names = [item for item in items if isinstance(item, str) and item in aws_regions.usable()]
    if not names:
        return _EXAMPLE_REGIONS
    lines = (f"  {aws_regions.suggested_key(name)}: {name}" for name in dict.fromkeys(names))
    return "\n".join([f"{_PREFIX}regions:", *lines])


def _is_region_key(key: Any) -> bool:
    return isinstance(key, str) and _REGION_KEY.fullmatch(key) is not None


def _mended_region_key(key: Any) -> str:
    return re.sub(r"^[^a-z]+|[^a-z0-9-]", "", str(key).lower())[:30] or "ireland"


def _region_key(key: Any, place: Any) -> Iterator[Problem]:
    if not _is_region_key(key):
        name = aws_region(place) if list(_region_place(key, place)) == [] else "eu-west-1"
        yield _region_problem(
            key,
            place,
            "A key becomes part of host names and is what the latency records answer.",
            "lower-case letters, digits and hyphens, a letter first, at most 30 characters",
            _region_line(key, name),
        )


def _region_place(key: Any, place: Any) -> Iterator[Problem]:
    if isinstance(place, Mapping):
        unknown = [option for option in place if option not in _REGION_OPTIONS]
        for option in unknown:
            nearest = _nearest(str(option), _REGION_OPTIONS)
            yield _region_problem(
                f"{key}.{option}",
                place[option],
                f"A region has no such option.{f' Did you mean {nearest}?' if nearest else ''}",
                ", ".join(_REGION_OPTIONS),
                _region_line(key, _nearest(str(place.get("region")), aws_regions.usable()) or "eu-west-1"),
            )
        if "region" not in place and not unknown:
            yield _unknown_region(key, place)
        if "region" not in place:
            return
    name = aws_region(place)
    if name not in aws_regions.known():
        yield _unknown_region(key, place["region"] if isinstance(place, Mapping) else place)
    elif name not in aws_regions.usable():
        nearest = _nearest(name, aws_regions.usable()) or "eu-west-1"
        yield _region_problem(
            key,
            name,
            f"{name} has no {' and no '.join(aws_regions.lacking(name))}, which a region of the API needs.",
            ", ".join(sorted(aws_regions.usable())),
            _region_line(key, nearest),
        )


def _unknown_region(key: Any, value: Any) -> Problem:
    nearest = _nearest(str(value), aws_regions.usable())
    return _region_problem(
        key,
        value,
        f"That is no AWS region.{f' Did you mean {nearest}?' if nearest else ''}",
        ", ".join(sorted(aws_regions.usable())),
        _region_line(key, nearest or "eu-west-1"),
    )


def _region_problem(key: Any, value: Any, rule: str, valid: str, yaml: str) -> Problem:
    return Problem(f"{_PREFIX}regions.{key}", value, rule, valid, yaml)


def _region_line(key: Any, name: str) -> str:
    """What to write; never a key or a region that is itself refused."""
    return f"{_PREFIX}regions:\n  {key if _is_region_key(key) else _mended_region_key(key)}: {name}"


def _nearest(word: str, words: Iterable[str]) -> str | None:
    by_lower = {each.lower(): each for each in words}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None
