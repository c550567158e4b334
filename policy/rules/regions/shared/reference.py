"""References from one resource to another that AWS follows within a region alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...shared.rule import Subject, of_each
from ...shared.stack import Resource, Stack
from ...shared.verdict import Undecided, Verdict, Violation
from .deployment import Deployment, deployments

_ARN = re.compile(r"arn:[^:]+:[^:]+:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):")


@dataclass(frozen=True)
class Reference:
    """A property that names a resource.

    Attributes:
        kind: of the resource that has the property.
        path: of the property.
        to: the kinds of resources that it may name.
        what: what it names, in words.
    """

    kind: str
    path: str
    to: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Use:
    """A resource's use of a reference, in a deployment."""

    deployment: Deployment
    resource: Resource
    reference: Reference


def uses(*references: Reference) -> Callable[[Stack], Iterator[Subject[Use] | Undecided]]:
    """The uses of the references in a stack that is a deployment, as the subjects of a rule."""

    def used(deployment: Deployment) -> Iterator[Subject[Use]]:
        for reference in references:
            for resource in deployment.stack.of(reference.kind):
                yield Subject(resource, Use(deployment, resource, reference))

    return of_each(deployments, used)


def judge(use: Use) -> Iterator[Verdict]:
    """The reference leads to the region of the resource itself.

    What neither depends on a resource of this stack nor is an ARN has no region to be judged by, and one name may be
    that of a resource in each region: then it is taken for the one in this.
    """
    own = use.deployment.lies_in(use.resource)
    found = dict(_led_to(use))
    if isinstance(own, str) and own not in found:
        for place, name in found.items():
            yield Violation(
                use.resource,
                f"it is in {own}, and {use.reference.what}, {name}, is in {place}.",
                f"Refer to the one in {own}.",
                use.reference.path,
            )


def _led_to(use: Use) -> Iterator[tuple[str, str]]:
    key = use.reference.path.partition(".")[0]
    value = use.resource.peek_along(use.reference.path)
    if value is None:
        return
    found = False
    for target in use.resource.sources(key, *use.reference.to, value=value):
        place = use.deployment.lies_in(target)
        if isinstance(place, str):
            found = True
            yield place, f"'{target.name}'"
    if not found and isinstance(value, str) and (arn := _ARN.match(value)):
        yield arn["region"], "by its ARN"
