"""Resources that set something for a Lambda@Edge function, by the property `functionName`."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...shared.kinds import FUNCTION
from ...shared.rule import Subject
from ...shared.stack import Resource, Stack
from .functions import EdgeFunction, edge_functions


@dataclass(frozen=True)
class EdgeSetting:
    """The resource that sets it, and the function that it is for."""

    resource: Resource
    edge: EdgeFunction


def settings_of(stack: Stack, kind: str) -> Iterator[Subject[EdgeSetting]]:
    """The resources of a kind that are for a Lambda@Edge function, as subjects of rules."""
    carried = {subject.resource.urn: subject.of for subject in edge_functions(stack)}
    for resource in stack.of(kind):
        for function in resource.sources("functionName", FUNCTION, value=resource.peek("functionName")):
            if function.urn in carried:
                yield Subject(resource, EdgeSetting(resource, carried[function.urn]))
