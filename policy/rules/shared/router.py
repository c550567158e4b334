"""The router as the rules find it: which behaviours of which distributions send each request to a region.

Any stack may have functions at the edge; one that rewrites a path is no router, and the rules about routing leave its
distribution alone. A function is a router where what the engine shows of it says so (`routing_code.py`). Where its code
lies in files that the engine does not show, or another stack made it, it is one if it runs on the way to an origin that
is no bucket, the stack has latency records whose answers are keys for it to ask, and no other function of the stack is
known to be the router.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .code import shows_handler
from .kinds import CLOUDFRONT_FUNCTION, DISTRIBUTION, FUNCTION
from .known import UNKNOWN, NotKnownError, Properties
from .origin import is_bucket, members
from .routing_code import has_region_keys, has_table, is_router, may_have_router, routers
from .rule import Subject
from .stack import Resource, Stack, once
from .verdict import Undecided


@dataclass(frozen=True)
class Association:
    """A function on a behaviour.

    Attributes:
        props: the association's properties; its `place` tells which one.
        functions: the stack's resources that it may be of; none where another stack made it.
    """

    props: Properties
    functions: tuple[Resource, ...]

    @property
    def is_of_lambda(self) -> bool:
        """Whether the function is Lambda's, not CloudFront's own kind."""
        return ".lambdaFunctionAssociations[" in self.props.place

    @property
    def expected_event(self) -> str:
        """When a router has to run: Lambda's on the way to the origin, CloudFront's on the viewer's request."""
        return "origin-request" if self.is_of_lambda else "viewer-request"


@dataclass(frozen=True)
class Behaviour:
    """A cache behaviour that carries the router.

    Attributes:
        distribution: whose it is.
        props: its properties; their `place` tells which one.
        router: the association of the router.
    """

    distribution: Resource
    props: Properties
    router: Association


def behaviours(distribution: Resource) -> list[Properties]:
    """The default behaviour and the ordered ones.

    Raises:
        NotKnownError: how many there are is not known yet.
    """
    default = distribution.inner("defaultCacheBehavior")
    return [*([default] if default else []), *distribution.each("orderedCacheBehaviors")]


def associations(distribution: Resource, behaviour: Properties) -> list[Association]:
    """The Lambda functions and CloudFront Functions on a behaviour.

    Raises:
        NotKnownError: which they are is not known yet.
    """
    key = behaviour.place.partition("[")[0]
    return [
        Association(props, tuple(distribution.sources(key, kind, value=props.peek(arn))))
        for list_, arn, kind in (
            ("lambdaFunctionAssociations", "lambdaArn", FUNCTION),
            ("functionAssociations", "functionArn", CLOUDFRONT_FUNCTION),
        )
        for props in behaviour.each(list_)
    ]


@once
def routed_behaviours(stack: Stack) -> Iterator[Subject[Behaviour] | Undecided]:
    """The behaviours of the stack that carry the router, as subjects of rules."""
    asks_unseen = has_region_keys(stack) and not routers(stack)
    if not (asks_unseen or may_have_router(stack)):
        return
    for distribution in stack.of(DISTRIBUTION):
        try:
            found = behaviours(distribution)
        except NotKnownError as error:
            yield _undecided(distribution, error)
            continue
        for behaviour in found:
            try:
                router = _router(distribution, behaviour, asks_unseen=asks_unseen)
            except NotKnownError as error:
                yield _undecided(distribution, error)
                continue
            if router:
                yield Subject(distribution, Behaviour(distribution, behaviour, router))


def routed_distributions(stack: Stack) -> Iterator[Subject[Resource] | Undecided]:
    """The distributions of the stack that carry the router in one behaviour at least, as subjects of rules."""
    found = list(routed_behaviours(stack))
    routed = {each.resource.urn: each.resource for each in found if isinstance(each, Subject)}
    yield from (each for each in found if isinstance(each, Undecided) and each.resource.urn not in routed)
    yield from (Subject(each, each) for each in routed.values())


def _undecided(distribution: Resource, error: NotKnownError) -> Undecided:
    return Undecided(distribution, f"{error.place} is not known yet, so whether it carries the router is not.")


def _router(distribution: Resource, behaviour: Properties, *, asks_unseen: bool) -> Association | None:
    """The association of the router on a behaviour, of its functions those alone that route.

    Raises:
        NotKnownError: it has none that is known to be one, and what might be one is not known yet.
    """
    found, doubts = [], []
    for association in associations(distribution, behaviour):
        try:
            known = tuple(each for each in association.functions if is_router(each))
        except NotKnownError as doubt:
            doubts.append(doubt)
            known = ()
        may_be = known or (asks_unseen and _routes_unseen(association))
        if may_be and _may_route(distribution, behaviour, known):
            found.append(replace(association, functions=known or association.functions))
    if doubts and not found:
        raise doubts[0]
    # Of two functions on a behaviour a preview does not tell which is on which event: the better is assumed.
    found.sort(key=lambda each: each.props.peek("eventType") not in (each.expected_event, UNKNOWN))
    return found[0] if found else None


def _may_route(distribution: Resource, behaviour: Properties, known: tuple[Resource, ...]) -> bool:
    """Whether the behaviour's origin is one that a router can replace; where a table is there, it is meant to be."""
    if any(has_table(each) for each in known):
        return True
    return not any(is_bucket(each) for each in members(distribution, behaviour))


def _routes_unseen(association: Association) -> bool:
    event: Any = association.props.peek("eventType")
    hidden = not any(shows_handler(each) for each in association.functions)
    return hidden and association.is_of_lambda and event in (association.expected_event, UNKNOWN)
