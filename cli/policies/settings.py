"""What a stack's config tells the policy pack, `antipodes:policies`, checked against the rules' own schemas.

That the setting is a mapping of rules to levels or settings is the program's to check, with the rest of the config.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from cli.errors import CommandError
from cli.policies.json_schema import example, fault
from cli.policies.rules import LEVELS, Rule, rules
from components import config_policies
from components.config_error import PREFIX, ConfigError, Problem, closest

KEY = f"{PREFIX}{config_policies.KEY}"
LEVEL = "enforcementLevel"
_PROTECTED = "protected"
_RULES_SHOWN = 5

Settings = Mapping[str, Any]
"""Rule name -> its level, or its settings: the JSON that `pulumi --policy-pack-config` takes."""


def of_file(stack_file: Path) -> Settings:
    """The pack's config for the stack with this file.

    Raises:
        CommandError: it names a rule or a setting that there is not, or a value that the rule does not take.
    """
    try:
        document = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}  # the engine says what is wrong with the file
    config = document.get("config") if isinstance(document, dict) else None
    return of_config(config) if isinstance(config, dict) else {}


@contextmanager
def written(stack_file: Path) -> Iterator[list[str]]:
    """The path of a file with the same, for as long as the block lasts; none where there is nothing to tell the pack.

    Raises:
        CommandError: as above.
    """
    settings = of_file(stack_file)
    if not settings:
        yield []
        return
    with tempfile.NamedTemporaryFile("w", prefix="policies-", suffix=".json", encoding="utf-8") as file:
        json.dump(settings, file)
        file.flush()
        yield [file.name]


def of_config(config: Mapping[str, Any]) -> Settings:
    """The pack's config by a stack's (keys as its file has them).

    Raises:
        CommandError: as above; all that is wrong at once.
    """
    told = config.get(KEY)
    settings = (
        {rule: value for rule, value in told.items() if _well_formed(rule, value)} if isinstance(told, dict) else {}
    )
    if problems := [problem for rule, value in settings.items() for problem in _of_rule(rule, value)]:
        raise CommandError(str(ConfigError(problems)))
    return _protected(settings) if str(config.get(f"{PREFIX}{_PROTECTED}")).lower() == "true" else settings


def _well_formed(rule: Any, value: Any) -> bool:
    """Whether the program will take it; if not, it says so, and the engine need not be told before."""
    return not [*config_policies.problems({config_policies.KEY: {rule: value}})]


def _protected(settings: Mapping[str, Any]) -> Settings:
    """The same, with `protected: true` for each rule that asks whether the stack is, where nothing else is said."""
    asking = [rule.name for rule in rules().values() if _PROTECTED in rule.settings]
    return {**settings, **{name: {_PROTECTED: True, **_mapping(settings.get(name))} for name in asking}}


def _mapping(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return {LEVEL: value} if isinstance(value, str) else dict(value)


def _of_rule(name: Any, value: Any) -> Iterator[Problem]:
    rule = rules().get(name)
    if rule is None:
        yield _unknown_rule(str(name), value)
        return
    for key, setting in value.items() if isinstance(value, dict) else ():
        if key != LEVEL and key not in rule.settings:
            yield _unknown_setting(rule, str(key), setting)
        elif key != LEVEL and (asked := fault(rule.settings[key], setting)):
            yield _problem(rule, str(key), setting, _described(rule.settings[key]), asked, _setting(rule, str(key)))
    if _mapping_level(value) == "remediate" and not rule.mends:
        levels = [level for level in LEVELS if level != "remediate"]
        what = "This rule cannot mend what it finds by itself, so there is nothing to remediate with."
        yield _problem(rule, "", value, what, ", ".join(levels), rule.level)


def _mapping_level(value: Any) -> Any:
    return value.get(LEVEL) if isinstance(value, dict) else value


def _unknown_rule(name: str, value: Any) -> Problem:
    near = _near(name)
    return Problem(
        f"{KEY}.{name}",
        value,
        f"There is no such rule. {f'Did you mean {near[0]}?' if near else 'policy/README.md lists them all.'}",
        ", ".join(near or rules()),
        f"{KEY}:\n  {near[0] if near else next(iter(rules()))}: {_flow(value)}",
    )


def _near(name: str) -> list[str]:
    """The rules that may have been meant: the one most like it, then those of its group."""
    meant = closest(name, rules())
    group = [each for each in rules() if each.partition("-")[0] == name.partition("-")[0]]
    return list(dict.fromkeys([*([meant] if meant else []), *group]))[:_RULES_SHOWN]


def _unknown_setting(rule: Rule, key: str, value: Any) -> Problem:
    keys = [*rule.settings, LEVEL]
    meant = closest(key, keys)
    hint = f" Did you mean {meant}?" if meant else ""
    what = f"The rule has no such setting.{hint}"
    return _problem(rule, key, value, what, ", ".join(keys), _setting(rule, meant or keys[0]))


def _setting(rule: Rule, key: str) -> str:
    value = rule.level if key == LEVEL else example(rule.settings[key])
    return _flow({key: value})


def _flow(value: Any) -> str:
    """On one line, as a stack's file may have it."""
    return str(yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=float("inf"))).split("\n")[0]


def _problem(rule: Rule, key: str, value: Any, what: str, valid: str, written: str) -> Problem:
    return Problem(
        f"{KEY}.{rule.name}{f'.{key}' if key else ''}", value, what, valid, f"{KEY}:\n  {rule.name}: {written}"
    )


def _described(schema: Mapping[str, Any]) -> str:
    return str(schema.get("description", "The setting takes values of one kind."))
