"""How verdicts are counted in words, the same in every output."""

from collections import Counter

from cli.policies.findings import Checked
from cli.policies.rules import ADVISORY, LEVELS


def verdict(checked: Checked) -> str:
    """`no rule is broken`, `1 mandatory, 2 advisories`; what could not be judged is `undecided`'s to say."""
    if checked.error is not None:
        return "could not be previewed"
    return levels(checked) or "no rule is broken"


def levels(checked: Checked) -> str:
    """`1 mandatory, 2 advisories`; "" where nothing was found."""
    counts = Counter(each.level for each in checked.findings)
    return ", ".join(f"{counts[level]} {_plural(level, counts[level])}" for level in LEVELS if counts[level])


def _plural(level: str, number: int) -> str:
    return "advisories" if level == ADVISORY and number > 1 else level


def undecided(checked: Checked) -> str:
    """`2 rules could not be judged before the deployment, on 3 resources`; "" where all were."""
    rules = len({each.rule for each in checked.undecided})
    resources = len({each.resource for each in checked.undecided})
    if not rules:
        return ""
    return f"{count(rules, 'rule')} could not be judged before the deployment, on {count(resources, 'resource')}"


def count(number: int, what: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number} {what if number == 1 else f'{what}s'}"
