"""Features of Lambda that Lambda@Edge lacks: properties of a function that must hold nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...shared.known import UNKNOWN, NotKnownError
from ...shared.verdict import Verdict, Violation
from .functions import EdgeFunction


@dataclass(frozen=True)
class EdgeFeature:
    """A feature that CloudFront refuses.

    Attributes:
        place: the property that must hold nothing, as in `environment.variables`.
        what: the feature, as in "environment variables".
        fix: what to do instead.
        kinds: what the property refers to where it holds something, by which that is known before it has a value.
    """

    place: str
    what: str
    fix: str
    kinds: tuple[str, ...] = ()

    def judge(self, edge: EdgeFunction) -> Iterator[Verdict]:
        value = edge.function.peek_along(self.place)
        if value is UNKNOWN and not edge.function.sources(self.place.partition(".")[0], *self.kinds):
            raise NotKnownError(self.place)
        if value:
            yield Violation(
                edge.function,
                f"{edge.carried}, and Lambda@Edge has no {self.what}: CloudFront refuses the association.",
                self.fix,
                self.place,
            )
