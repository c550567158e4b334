"""The origins that routed requests have until the router picks one; much of what they say holds for that one, too."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...shared.known import NotKnownError, Properties
from ...shared.origin import members
from ...shared.router import Behaviour, routed_behaviours
from ...shared.rule import Subject
from ...shared.stack import Resource, Stack
from ...shared.verdict import Undecided


@dataclass(frozen=True)
class RoutedOrigin:
    """An origin of a behaviour that carries the router.

    Attributes:
        distribution: whose it is.
        props: its properties; their `place` tells which one.
        behaviour: the first one that has it.
    """

    distribution: Resource
    props: Properties
    behaviour: Behaviour


def routed_origins(stack: Stack) -> Iterator[Subject[RoutedOrigin] | Undecided]:
    """Each origin of the behaviours that carry the router, once, as subjects of rules."""
    seen = set()
    for found in routed_behaviours(stack):
        if isinstance(found, Undecided):
            yield found
            continue
        try:
            origins = [*members(found.resource, found.of.props)]
        except NotKnownError as error:
            yield Undecided(found.resource, f"{error.place} is not known yet, so the router's origin is not.")
            continue
        for origin in origins:
            if (place := (found.resource.urn, origin.place)) not in seen:
                seen.add(place)
                yield Subject(found.resource, RoutedOrigin(found.resource, origin, found.of))
