"""The regions of a deployment, and which of them each resource is meant for.

A program makes the same resources once a region and tells them apart by their names, because two resources of one kind
cannot have the same: `sydney-api`, `api-ap-southeast-2`. So the region's key or name in a resource's name says what the
resource is meant for, whichever region it was put in by mistake.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...shared.kinds import APIS, RECORD
from ...shared.known import Unknown
from ...shared.router import routed_distributions
from ...shared.rule import Subject
from ...shared.stack import Resource, Stack, once
from ...shared.table import tables
from ...shared.verdict import Undecided

# Services whose resources lie in no region; what the provider is set to says nothing about them.
_GLOBAL = ("cloudfront", "globalaccelerator", "iam", "organizations", "route53", "route53domains", "shield", "waf")


@dataclass(frozen=True)
class Region:
    """A region of the deployment.

    Attributes:
        key: the program's name for it; AWS's where the program has none.
        name: AWS's name for it.
        serves: whether viewers are sent there.
    """

    key: str
    name: str
    serves: bool = True

    def __str__(self) -> str:
        return self.key if self.key == self.name else f"{self.key} ({self.name})"

    @property
    def mark(self) -> re.Pattern[str]:
        """How names say that something is meant for the region: its key or AWS's name, as words of their own."""
        aws = re.escape(self.name).replace(r"\-", "[-_]?")
        return re.compile(rf"(?<![A-Za-z0-9])(?:{re.escape(self.key)}|{aws})(?![A-Za-z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Deployment:
    """A stack that serves one API from some regions.

    Attributes:
        regions: those that viewers are sent to, then those that are drained.
        distribution: what carries the router.
    """

    stack: Stack
    distribution: Resource
    regions: tuple[Region, ...]
    _marks: Mapping[str, re.Pattern[str]] = field(init=False, repr=False)
    _meant: dict[Resource, Region | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_marks", {region.name: region.mark for region in self.regions})

    def meant_for(self, resource: Resource) -> Region | None:
        """The region that the resource is meant for, by its name or by those of the components that it is in.

        None for what belongs to all of them, or to several.
        """
        if resource not in self._meant:
            found, above = self._named_in(resource.name), resource.parent
            if found or above is None:
                self._meant[resource] = found[0] if len(found) == 1 else None
            else:
                self._meant[resource] = self.meant_for(above)
        return self._meant[resource]

    def lies_in(self, resource: Resource) -> str | Unknown | None:
        """The AWS region of the resource, by the one that it is meant for, else by where it was put."""
        meant = self.meant_for(resource)
        return meant.name if meant else place_of(resource)

    def members(self, region: Region) -> list[Resource]:
        """What the stack has of AWS for the region."""
        return [
            each for each in self.stack.resources if each.kind.startswith("aws:") and self.meant_for(each) == region
        ]

    def neutral(self, text: str, region: Region) -> str:
        """The text without what names the region, to be compared with another region's."""
        return self._marks[region.name].sub("*", text)

    def _named_in(self, name: str) -> list[Region]:
        found = {region: self._marks[region.name].findall(name) for region in self.regions}
        words = {region: max(map(len, all_)) for region, all_ in found.items() if all_}
        # Of keys that are part of one another (`sydney` in `sydney-2`), the longest is meant.
        return [
            region
            for region in words
            if not any(
                words[other] > words[region] and region.mark.search(found[other][0])
                for other in words
                if other != region
            )
        ]


@once
def deployments(stack: Stack) -> Iterator[Subject[Deployment] | Undecided]:
    """The stack's deployment, if it has a router, as the subject of rules."""
    undecided = []
    for carrier in routed_distributions(stack):
        if isinstance(carrier, Undecided):
            undecided.append(carrier)
            continue
        regions = _serving(stack)
        yield Subject(carrier.of, Deployment(stack, carrier.of, (*regions, *_drained(stack, regions))))
        return
    yield from undecided


def place_of(resource: Resource) -> str | Unknown | None:
    """The AWS region that the resource was put in; None for what lies in none."""
    provider, _, module = resource.kind.partition(":")
    return None if provider != "aws" or module.partition("/")[0] in _GLOBAL else resource.region


def _serving(stack: Stack) -> tuple[Region, ...]:
    by_record = {region.key: region for region in _by_records(stack)}
    for subject in tables(stack):
        if isinstance(subject, Undecided):
            continue
        named = {key: route.region or _name(by_record.get(key)) for key, route in subject.of.routes.items()}
        return tuple(Region(key, name, serves=subject.of.routes[key].dial != 0) for key, name in named.items() if name)
    if by_record:
        return tuple(by_record.values())
    places = {place_of(api): None for api in stack.of(*APIS)}
    return tuple(Region(place, place) for place in places if isinstance(place, str))


def _name(region: Region | None) -> str | None:
    return region.name if region else None


def _by_records(stack: Stack) -> Iterator[Region]:
    for record in stack.of(RECORD):
        policies = record.peek("latencyRoutingPolicies")
        policy = policies[0] if isinstance(policies, list) and policies else None
        name = policy.get("region") if isinstance(policy, dict) else None
        key = record.peek("setIdentifier")
        if isinstance(name, str):
            yield Region(key if isinstance(key, str) else name, name)


def _drained(stack: Stack, serving: tuple[Region, ...]) -> Iterator[Region]:
    """Regions that nobody is sent to and that have an API all the same, named as those of the others are."""
    known = {region.name for region in serving}
    apis = stack.of(*APIS)
    patterns = {
        (api.kind, re.escape(api.name[: found.start()]) + "(.+)" + re.escape(api.name[found.end() :]))
        for api in apis
        for region in serving
        if place_of(api) == region.name and (found := region.mark.search(api.name))
    }
    for api in apis:
        place = place_of(api)
        keys = (re.fullmatch(pattern, api.name) for kind, pattern in patterns if kind == api.kind)
        key = next((found[1] for found in keys if found), None)
        if isinstance(place, str) and place not in known and key:
            known.add(place)
            yield Region(key, place, serves=False)
