"""Lambda@Edge functions: the Lambda functions that a distribution of the stack carries, routers or not.

Which they are is known before any of them exists, by what the distribution refers to. Which event runs which of them is
not where one behaviour has several of them, nor where a behaviour's own settings are made by the deployment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...shared.kinds import DISTRIBUTION, FUNCTION
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.router import associations, behaviours
from ...shared.rule import Subject
from ...shared.stack import Resource, Stack

RESTRICTIONS = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html"
)
QUOTAS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"

VIEWER_EVENTS = frozenset({"viewer-request", "viewer-response"})
ORIGIN_EVENTS = frozenset({"origin-request", "origin-response"})


@dataclass
class EdgeFunction:
    """A Lambda function that a distribution carries.

    Attributes:
        function: the function.
        distribution: the name of the first distribution that carries it.
        arns: the ARNs under which distributions carry it; UNKNOWN among them where one is not known yet.
        events: what runs it, for certain.
        possible: what may run it: those, and what is not known yet.
    """

    function: Resource
    distribution: str
    arns: list[object] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    possible: set[str] = field(default_factory=set)

    @property
    def carried(self) -> str:
        """Who carries it, for messages."""
        return f"Distribution '{self.distribution}' carries it"

    def runs_for_viewers(self) -> bool:
        """Whether a viewer event runs it, so that the smaller quotas hold.

        Raises:
            NotKnownError: only the deployment will tell.
        """
        if self.events & VIEWER_EVENTS or self.possible <= VIEWER_EVENTS:
            return True
        if self.possible & VIEWER_EVENTS:
            raise NotKnownError(f"the event for which Distribution '{self.distribution}' runs it")
        return False


def edge_functions(stack: Stack) -> Iterator[Subject[EdgeFunction]]:
    """The stack's Lambda@Edge functions, each once, as subjects of rules."""
    found: dict[str, EdgeFunction] = {}
    for distribution in stack.of(DISTRIBUTION):
        for functions, arn, event in _associated(distribution):
            for function in functions:
                edge = found.setdefault(function.urn, EdgeFunction(function, distribution.name))
                edge.arns.append(arn)
                edge.possible |= {event} if isinstance(event, str) else VIEWER_EVENTS | ORIGIN_EVENTS
                if isinstance(event, str) and len(functions) == 1:
                    edge.events.add(event)
    for edge in found.values():
        yield Subject(edge.function, edge)


def _associated(distribution: Resource) -> Iterator[tuple[list[Resource], object, object]]:
    """Functions of which one is associated, its ARN, and the event; either may be UNKNOWN."""
    try:
        carrying = behaviours(distribution)
        found = [each for behaviour in carrying for each in associations(distribution, behaviour)]
    except NotKnownError:
        for key in ("defaultCacheBehavior", "orderedCacheBehaviors"):
            for function in distribution.sources(key, FUNCTION):
                yield [function], UNKNOWN, UNKNOWN
        return
    for each in found:
        if each.is_of_lambda:
            yield list(each.functions), each.props.peek("lambdaArn"), each.props.peek("eventType")
