"""CloudFront distributions as the rules see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .known import UNKNOWN, Unknown, read, read_list

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


@dataclass(frozen=True)
class Behaviour:
    """A cache behaviour: the property that holds it, and its own properties."""

    place: str
    props: Mapping[str, Any] | Unknown

    @property
    def carries_router(self) -> bool | Unknown:
        """Whether the requests of this behaviour go through a Lambda function on their way to the origin."""
        if self.props is UNKNOWN:
            return UNKNOWN
        associations = read_list(self.props, "lambdaFunctionAssociations")
        if associations is UNKNOWN:
            return UNKNOWN
        events = [UNKNOWN if each is UNKNOWN else read(each, "eventType") for each in associations]
        if "origin-request" in events:
            return True
        return UNKNOWN if UNKNOWN in events else False


def behaviours(distribution: Mapping[str, Any]) -> list[Behaviour]:
    """The default behaviour and the ordered ones, in CloudFront's order of properties."""
    default = read(distribution, "defaultCacheBehavior")
    found = [] if default is None else [Behaviour("defaultCacheBehavior", default)]
    ordered = read_list(distribution, "orderedCacheBehaviors")
    if ordered is UNKNOWN:
        return [*found, Behaviour("orderedCacheBehaviors", UNKNOWN)]
    return found + [Behaviour(f"orderedCacheBehaviors[{index}]", props) for index, props in enumerate(ordered)]


def carries_router(distribution: Mapping[str, Any]) -> bool | Unknown:
    """Whether any behaviour of the distribution carries the router."""
    answers = [behaviour.carries_router for behaviour in behaviours(distribution)]
    if True in answers:
        return True
    return UNKNOWN if UNKNOWN in answers else False
