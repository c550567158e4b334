"""What makes a stack's config one that can be deployed. Each rule yields the problems that it finds."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from components import config_data, config_origin_headers, config_policies, config_regions, config_routing, failover
from components.config_error import MISSING, PREFIX, SECRET, Problem, closest

DEFAULT_SUBDOMAIN = "global-api"
LATENCY_LABEL = "latency-routing"
DEFAULT_ORIGIN_LABEL = "default-origin"
REGION_HOST_SUFFIX = "-appsync"

_CHOICES = {
    "hostedZone": ("existing", "create"),
    "api": ("graphql",),
    "data": ("replicated", "regional"),
    "consistency": ("eventual", "strong"),
    "router": ("lambda", "function"),
    "routing": ("region", "location"),
    "sticky": ("off", "cookie", "header"),
    "failover": tuple(failover.MODES),
}
_FLAGS = {
    "protected": "A protected stack keeps a deleted secret for 30 days and refuses to delete a table: a yes or a no.",
    "diagnostics": "Where diagnostics are on, the edge answers /.well-known/antipodes itself: a yes or a no.",
}
_KEYS = (
    "domain",
    "subdomain",
    "hostedZone",
    "api",
    "data",
    "home",
    "consistency",
    "protected",
    "regions",
    "router",
    "routing",
    "sticky",
    "writes",
    "failover",
    "diagnostics",
    config_origin_headers.KEY,
    config_policies.KEY,
)

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_DOMAIN = 64  # of a certificate's first name: RequestCertificate in the ACM API Reference


def problems(config: Mapping[str, Any], secret_keys: Collection[str] = ()) -> list[Problem]:
    """All that is wrong with `config` (full keys to decoded values), in the order of the rules below.

    No problem shows what one of `secret_keys` holds.
    """
    own = {key.removeprefix(PREFIX): value for key, value in config.items() if key.startswith(PREFIX)}
    rules: tuple[Callable[[Mapping[str, Any]], Iterable[Problem]], ...] = (
        _unknown_keys,
        _domain,
        _subdomain,
        _choices,
        _flags,
        config_regions.problems,
        config_routing.problems,
        config_origin_headers.problems,
        config_data.home,
        config_data.consistency,
        config_policies.problems,
    )
    found = [
        *_provider_region(config),
        *_misspelt_namespaces(config),
        *(problem for rule in rules for problem in rule(own)),
    ]
    return [_without_secrets(problem, secret_keys) for problem in found]


def _without_secrets(problem: Problem, secret_keys: Collection[str]) -> Problem:
    """Without the value of a secret key, the names within it, and what it was probably meant to be."""
    key = next((key for key in secret_keys if f"{problem.key}.".startswith(f"{key}.")), None)
    if key in (None, f"{PREFIX}{config_origin_headers.KEY}"):  # whose rules show no value, and which name is wrong
        return problem
    if key.removeprefix(PREFIX) not in _KEYS:  # its remedy is another key, or none
        return replace(problem, value=SECRET)
    command = f"pulumi config set --secret {key} VALUE"
    return replace(problem, key=key, value=SECRET, yaml=f"# in a shell, which keeps it encrypted:\n# {command}")


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
        if f"{namespace}:" != PREFIX and difflib.get_close_matches(f"{namespace.lower()}:", [PREFIX], cutoff=0.85):
            yield Problem(
                key,
                _shown(setting, value),
                f"Nobody reads the namespace {namespace}. Did you mean {PREFIX.removesuffix(':')}?",
                ", ".join(f"{PREFIX}{each}" for each in _KEYS),
                f"{PREFIX}{closest(setting, _KEYS) or setting}: ...",
            )


def _unknown_keys(own: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in own.items():
        if key not in _KEYS:
            nearest = closest(key, _KEYS)
            yield Problem(
                f"{PREFIX}{key}",
                _shown(key, value),
                f"There is no such setting.{f' Did you mean {nearest}?' if nearest else ''}",
                ", ".join(_KEYS),
                f"{PREFIX}{nearest}: ..." if nearest else f"# remove the line {PREFIX}{key}",
            )


def _shown(key: str, value: Any) -> Any:
    """What a misspelt setting holds, unless it may have been meant to hold secrets."""
    return SECRET if isinstance(value, Mapping) or closest(key, _KEYS) == config_origin_headers.KEY else value


def _domain(own: Mapping[str, Any]) -> Iterator[Problem]:
    value = own.get("domain", MISSING)
    if isinstance(value, str) and _is_domain(value):
        return
    yield Problem(
        f"{PREFIX}domain",
        value,
        "The domain is the name of a Route 53 hosted zone alone: no scheme, port, path, wildcard or final dot.",
        "two or more labels of lower-case letters, digits and hyphens, joined by dots, "
        f"at most {_LONGEST_DOMAIN} characters in all; write an international name in its xn-- form",
        f"{PREFIX}domain: {_mended_domain(value)}",
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
        f"{PREFIX}subdomain",
        value,
        rule,
        "lower-case letters, digits and hyphens, at most 63, no hyphen at either end; "
        f"not {LATENCY_LABEL}, {DEFAULT_ORIGIN_LABEL} or <region key>{REGION_HOST_SUFFIX}",
        f"{PREFIX}subdomain: {DEFAULT_SUBDOMAIN}",
    )


def _taken_labels(own: Mapping[str, Any]) -> set[str]:
    hosts = (f"{key}{REGION_HOST_SUFFIX}" for key in config_regions.written(own))
    return {LATENCY_LABEL, DEFAULT_ORIGIN_LABEL, *hosts}


def _choices(own: Mapping[str, Any]) -> Iterator[Problem]:
    for key, valid in _CHOICES.items():
        if key in own and own[key] not in valid:
            yield Problem(
                f"{PREFIX}{key}",
                own[key],
                "The setting takes one of a few values.",
                ", ".join(valid),
                f"{PREFIX}{key}: {closest(str(own[key]), valid) or valid[0]}",
            )


def _flags(own: Mapping[str, Any]) -> Iterator[Problem]:
    for key, rule in _FLAGS.items():
        if key in own and str(own[key]).lower() not in {"true", "false"}:
            yield Problem(f"{PREFIX}{key}", own[key], rule, "true, false", f"{PREFIX}{key}: true")
