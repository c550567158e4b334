"""How strictly the policy pack judges the stack: a level or settings, by the rule's name.

Which rules and settings there are is the pack's to know: the program never imports it, and `antipodes` checks them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from components.config_error import PREFIX, Problem, closest

KEY = "policies"
LEVELS = ("mandatory", "advisory", "remediate", "disabled")
_LEVEL = "enforcementLevel"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EXAMPLE = "edge-caching-disabled"
_VALID = f"<rule>: {' | '.join(LEVELS)}; or <rule>: {{<setting>: <value>, {_LEVEL}: <level>}}"
_LEVELS_RULE = "A rule has one of a few levels: only a mandatory one stops a deployment."


def problems(own: Mapping[str, Any]) -> Iterator[Problem]:
    if KEY not in own:
        return
    rules = own[KEY]
    if not isinstance(rules, Mapping):
        rule = "It maps rules of the policy pack to levels or settings."
        yield Problem(f"{PREFIX}{KEY}", rules, rule, _VALID, _written(_EXAMPLE, "advisory"))
        return
    for name, value in rules.items():
        yield from _of_rule(name, value)


def _of_rule(name: Any, value: Any) -> Iterator[Problem]:
    key = f"{PREFIX}{KEY}.{name}"
    named = name if isinstance(name, str) and _NAME.fullmatch(name) else _EXAMPLE
    if named != name:
        rule = "That is no name of a rule: the rules are listed in policy/README.md."
        yield Problem(key, value, rule, "lower-case words joined by hyphens", _written(named, "advisory"))
    if isinstance(value, Mapping):
        level = value.get(_LEVEL, LEVELS[0])
        if not isinstance(level, str) or level not in LEVELS:
            meant = f"{{{_LEVEL}: {_meant(level)}}}"
            yield Problem(f"{key}.{_LEVEL}", level, _LEVELS_RULE, ", ".join(LEVELS), _written(named, meant))
    elif not isinstance(value, str) or value not in LEVELS:
        yield Problem(key, value, _LEVELS_RULE, _VALID, _written(named, _meant(value)))


def _meant(level: Any) -> str:
    return closest(str(level), LEVELS) or ("disabled" if level is False else "advisory")


def _written(name: str, value: str) -> str:
    return f"{PREFIX}{KEY}:\n  {name}: {value}"
