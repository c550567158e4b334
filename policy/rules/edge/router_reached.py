from collections.abc import Iterator
from fnmatch import fnmatchcase

from pulumi_policy import Severity

from ..shared.kinds import DISTRIBUTION
from ..shared.known import Properties
from ..shared.router import Behaviour, behaviours, routed_behaviours
from ..shared.rule import About, Subject, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.verdict import Undecided, Verdict, Violation

_PATHS = ("/graphql", "/graphql/realtime")


def _subjects(stack: Stack) -> Iterator[Subject[tuple[Resource, list[Behaviour]]] | Undecided]:
    found = list(routed_behaviours(stack))
    unclear = [each for each in found if isinstance(each, Undecided)]
    yield from unclear
    for distribution in stack.of(DISTRIBUTION):
        routed = [each.of for each in found if isinstance(each, Subject) and each.of.distribution is distribution]
        if routed and all(each.resource is not distribution for each in unclear):
            yield Subject(distribution, (distribution, routed))


def _judge(subject: tuple[Resource, list[Behaviour]]) -> Iterator[Verdict]:
    distribution, routed = subject
    carriers = {each.props.place for each in routed}
    default, *ordered = behaviours(distribution)
    # No pattern but one for everything takes this.
    everything = ["/*"] if default.place in carriers else []
    paths = [*_paths(distribution, ordered, carriers), *everything]
    taken = {path: taker for path in paths if (taker := _taker(path, ordered, carriers))}
    for place in sorted({taker.place for taker in taken.values()}):
        lost = [path for path, taker in taken.items() if taker.place == place]
        yield Violation(
            distribution,
            f"this behaviour takes {' and '.join(lost)}, does not carry the router, and comes before those that do.",
            "Associate the router with it too, narrow its pathPattern, or move it behind.",
            place,
        )


def _paths(distribution: Resource, ordered: list[Properties], carriers: set[str]) -> list[str]:
    """The API's paths: those that a behaviour with the router is for, else the usual ones."""
    told = distribution.stack.settings.get("paths")
    own = [each.read("pathPattern") for each in ordered if each.place in carriers]
    return [*told] if told else [_example(pattern) for pattern in own] or [*_PATHS]


def _taker(path: str, ordered: list[Properties], carriers: set[str]) -> Properties | None:
    """The behaviour that gets the path, where that one does not carry the router."""
    for each in ordered:
        if fnmatchcase(path, _absolute(each.read("pathPattern"))):
            return None if each.place in carriers else each
    return None


def _example(pattern: str) -> str:
    return _absolute(pattern).replace("*", "x").replace("?", "x")


def _absolute(pattern: str | None) -> str:
    """CloudFront's patterns may leave out the first slash; a bracket means itself in them."""
    text = (pattern or "").replace("[", "[[]")
    return text if text.startswith(("/", "*")) else f"/{text}"


RULE = stack_rule(
    About(
        name="edge-router-reached",
        title="No behaviour takes the API's requests before the router",
        description="The API's paths must not match a cache behaviour that comes first and does not carry the router.",
        fix="Give the router to each cache behaviour that matches the API's paths, or put it before the others.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html",
        severity=Severity.HIGH,
        settings={
            "paths": {
                "type": "array",
                "items": {"type": "string"},
                "description": f"Paths of the API, where they are not those of the routed behaviours or {_PATHS}.",
            }
        },
    ),
    _subjects,
    _judge,
)
