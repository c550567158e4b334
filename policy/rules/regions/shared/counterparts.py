"""Resources that stand for each other in the regions of a deployment, and what they are told apart by."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ...shared.stack import Resource
from .deployment import Deployment, Region

Counterparts = Mapping[Region, Resource]


def counterparts(deployment: Deployment, kinds: Iterable[str]) -> list[Counterparts]:
    """Those of each kind that two regions have at least: by their names, or as the only ones of their kind."""
    found: list[Counterparts] = []
    for kind in kinds:
        by_name: defaultdict[str, dict[Region, Resource]] = defaultdict(dict)
        for resource in deployment.stack.of(kind):
            region = deployment.meant_for(resource)
            if region:
                by_name[deployment.neutral(resource.name, region)].setdefault(region, resource)
        alone = _alone([group for group in by_name.values() if len(group) == 1])
        found += [group for group in [*by_name.values(), alone] if len(group) > 1]
    return found


def _alone(groups: Iterable[Counterparts]) -> Counterparts:
    left = [entry for group in groups for entry in group.items()]
    often = Counter(region for region, _ in left)
    return dict(left) if all(count == 1 for count in often.values()) else {}


def usual(values: Mapping[Region, Any]) -> tuple[Region, int]:
    """A region that has what most regions have, the first of as many; and how many have the same."""
    often = [sum(other == value for other in values.values()) for value in values.values()]
    return list(values)[often.index(max(often))], max(often)
