import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pulumi_policy import Severity

from ..shared.known import NotKnownError
from ..shared.rule import About, Subject, of_each, stack_rule
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.counterparts import Counterparts, counterparts, usual
from .shared.deployment import Deployment, Region, deployments
from .shared.settings import SETTINGS, Setting

_LONGEST = 60  # characters of a value in a message


@dataclass(frozen=True)
class _Compared:
    """One setting of the resources that stand for each other."""

    deployment: Deployment
    group: Counterparts
    setting: Setting


def _compared(deployment: Deployment) -> Iterator[Subject[_Compared]]:
    ignored = deployment.stack.settings.get("ignore", ())
    spared = set(deployment.stack.settings.get("exempt", ()))
    for group in counterparts(deployment, SETTINGS):
        left = {region: each for region, each in group.items() if each.name not in spared}
        first = next(iter(group.values()))
        for setting in SETTINGS[first.kind]:
            if setting.path not in ignored:
                yield Subject(first, _Compared(deployment, left, setting))


def _judge(compared: _Compared) -> Iterator[Verdict]:
    values, path = {}, compared.setting.path
    for region, resource in compared.group.items():
        try:
            values[region] = compared.setting.of(resource)
        except NotKnownError as error:
            yield Undecided(resource, f"{error.place} is not known yet.")
    if _all_equal(values):
        return
    judged = _comparable(values, compared.deployment)
    model, _ = usual(judged)
    for region, value in values.items():
        if judged[region] != judged[model]:
            yield Violation(
                compared.group[region],
                f"{_difference(value, values[model], str(model))}, so viewers get something else in {region}.",
                f"Give {path} the same value in every region; what has to differ goes into the rule's `ignore`.",
                path,
            )


def _all_equal(values: Mapping[Region, Any]) -> bool:
    first, *others = values.values() or [None]
    return all(other == first for other in others)


def _comparable(values: Mapping[Region, Any], deployment: Deployment) -> Mapping[Region, Any]:
    """The values without what names their regions, or as they are where more regions agree on those.

    A comment that names a region is the same everywhere.
    """
    neutral = {region: _neutral(value, region, deployment) for region, value in values.items()}
    return values if usual(values)[1] > usual(neutral)[1] else neutral


def _neutral(value: Any, region: Region, deployment: Deployment) -> Any:
    if isinstance(value, str):
        return deployment.neutral(value, region)
    if isinstance(value, Mapping):
        return {deployment.neutral(key, region): _neutral(inner, region, deployment) for key, inner in value.items()}
    return [_neutral(inner, region, deployment) for inner in value] if isinstance(value, list) else value


def _difference(value: Any, other: Any, where: str) -> str:
    if value == other:
        return f"it is word for word that of {where}, which names that region"
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        name = next(each for each in sorted({*value, *other}) if value.get(each) != other.get(each))
        return f"'{name}' {_in(value, other, name)} in {where}" if name else f"it is not what it is in {where}"
    if isinstance(value, list) and isinstance(other, list):
        only, lacking = ([each for each in one if each not in two] for one, two in ((value, other), (other, value)))
        return f"it has {_short(only)} where {where} has {_short(lacking)}"
    if isinstance(value, str) and isinstance(other, str) and "\n" in value + other:
        lines = zip_longest(value.splitlines(), other.splitlines())
        number, (mine, theirs) = next((at, pair) for at, pair in enumerate(lines, 1) if pair[0] != pair[1])
        return f"line {number} is {_short(mine)}, and {_short(theirs)} in {where}"
    return f"it is {_short(value)}, and {_short(other)} in {where}"


def _in(value: Mapping[str, Any], other: Mapping[str, Any], name: str) -> str:
    if name not in value:
        return "is missing, and it is there"
    return "is another one than" if name in other else "is there, and not"


def _short(value: Any) -> str:
    if value is None:
        return "not there"
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


RULE = stack_rule(
    About(
        name="regions-same-settings",
        title="Each region does as the others do",
        description="Resources that stand for each other in the regions must have the same settings and code.",
        fix="Make counterparts in one loop or component, from the same values.",
        url=(
            "https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-multi-region-fundamentals/introduction.html"
        ),
        severity=Severity.HIGH,
        settings={
            "ignore": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Paths of properties that may differ between regions, such as memorySize.",
            }
        },
    ),
    of_each(deployments, _compared),
    _judge,
)
