"""The router as the rules find it: which behaviours of which distributions send each request to a region.

Any stack may have functions at the edge; one that rewrites a path is no router, and the rules about routing leave its
distribution alone. A function is a router where what the engine shows of it says so: a table `routes.json` in its
package, or code that sets the domain of the origin. Where its code lies in files that the engine does not show, it is
one if it runs on origin-request and the stack has latency records of type CNAME for it to ask.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .code import EDGE_FUNCTION, FUNCTION, texts
from .known import UNKNOWN, NotKnownError, Properties
from .rule import Subject
from .stack import Resource, Stack
from .verdict import Undecided

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
RECORD = "aws:route53/record:Record"
TABLE = "routes.json"

# How a Lambda function says it (a property or a key of `origin.custom`), and how a CloudFront Function does.
_SETS_ORIGIN = re.compile(r"""domainName["']?\]?\s*=[^=]|updateRequestOrigin\s*\(|selectRequestOriginById\s*\(""")


@dataclass(frozen=True)
class Association:
    """A function on a behaviour.

    Attributes:
        props: the association's properties; its `place` tells which one.
        functions: the stack's resources that it may be of; none where another stack made it.
    """

    props: Properties
    functions: tuple[Resource, ...]


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
            ("functionAssociations", "functionArn", EDGE_FUNCTION),
        )
        for props in behaviour.each(list_)
    ]


def routed_behaviours(stack: Stack) -> Iterator[Subject[Behaviour] | Undecided]:
    """The behaviours of the stack that carry the router, as subjects of rules."""
    asks_dns = has_latency_cname(stack)
    for distribution in stack.of(DISTRIBUTION):
        try:
            for behaviour in behaviours(distribution):
                for association in associations(distribution, behaviour):
                    if _routes(association, asks_dns=asks_dns):
                        yield Subject(distribution, Behaviour(distribution, behaviour, association))
                        break
        except NotKnownError as error:
            yield Undecided(distribution, f"{error.place} is not known yet, so whether it carries the router is not.")


def routed_distributions(stack: Stack) -> Iterator[Subject[Resource] | Undecided]:
    """The distributions of the stack that carry the router in one behaviour at least, as subjects of rules."""
    seen = set()
    for found in routed_behaviours(stack):
        if isinstance(found, Undecided):
            yield found
        elif found.resource.urn not in seen:
            seen.add(found.resource.urn)
            yield Subject(found.resource, found.resource)


def is_router(function: Resource) -> bool:
    """Whether what the engine shows of the function's code says that it routes.

    Raises:
        NotKnownError: its code is not known yet.
    """
    files = texts(function)
    if files is UNKNOWN:
        raise NotKnownError("code")
    return TABLE in files or any(_SETS_ORIGIN.search(text) for text in files.values())


def has_latency_cname(stack: Stack) -> bool:
    """Whether the stack has latency records that a router may ask: CNAMEs."""
    return any(record.peek("type") == "CNAME" and record.peek("latencyRoutingPolicies") for record in stack.of(RECORD))


def _routes(association: Association, *, asks_dns: bool) -> bool:
    if any(is_router(function) for function in association.functions):
        return True
    event: Any = association.props.peek("eventType")
    is_lambda = ".lambdaFunctionAssociations[" in association.props.place
    return asks_dns and is_lambda and event in ("origin-request", UNKNOWN)
