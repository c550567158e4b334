import re
from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_policy import Severity

from ..shared.kinds import EVENT_TARGET, GRAPHQL_API
from ..shared.rule import About, Subject, of_each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.change_filter import CHANGES, changes_of
from .shared.deployment import Deployment, Region, deployments
from .shared.streams import functions_of, publishers, stream_region, tables_read

_SUBSCRIBES = re.compile(r"@aws_subscribe\b")
_COMMENT = re.compile(r"#.*")
_OTHER_WAYS = (EVENT_TARGET, "aws:pipes/pipe:Pipe", "aws:lambda/functionEventInvokeConfig")


@dataclass(frozen=True)
class _Subscribed:
    """An API with subscriptions, in a region of a deployment that has others."""

    deployment: Deployment
    region: Region
    api: Resource


def _subscribed(deployment: Deployment) -> Iterator[Subject[_Subscribed]]:
    for api in deployment.stack.of(GRAPHQL_API):
        region = next((each for each in deployment.regions if each.name == deployment.lies_in(api)), None)
        if region and len(deployment.regions) > 1:
            yield Subject(api, _Subscribed(deployment, region, api))


def _judge(subscribed: _Subscribed) -> Iterator[Verdict]:
    schema = subscribed.api.read("schema")
    if not isinstance(schema, str) or not _SUBSCRIBES.search(_COMMENT.sub("", schema)):
        return
    deployment, region = subscribed.deployment, subscribed.region
    mappings = publishers(deployment, region)
    if not mappings and not _heard_otherwise(deployment):
        yield Violation(
            subscribed.api,
            f"its schema has subscriptions, and nothing in {region} publishes the changes of its tables: subscribers "
            "hear of what is written in their own region and of nothing else.",
            f"Make an EventSourceMapping in {region.name}, from the stream of each table there to a function that "
            "calls the publish mutations of this API.",
            "schema",
        )
    for mapping in mappings:
        yield from _judge_place(mapping, deployment, region)
    yield from _judge_filters(mappings)


def _heard_otherwise(deployment: Deployment) -> bool:
    """Whether some region reads streams, so that another rule says which one does not, or events come another way."""
    reads = any(publishers(deployment, region) for region in deployment.regions)
    return reads or any(deployment.stack.of(kind) for kind in _OTHER_WAYS[1:])


def _judge_place(mapping: Resource, deployment: Deployment, region: Region) -> Iterator[Verdict]:
    stream = stream_region(mapping)
    if stream and stream != region.name:
        yield Violation(
            mapping,
            f"it is in {region} and reads the stream of {stream}: Lambda reads streams of its own region alone.",
            f"Give it the ARN of the replica's stream in {region.name}, from the table's `replicas`.",
            "eventSourceArn",
        )
    for function in functions_of(mapping):
        place = deployment.lies_in(function)
        if isinstance(place, str) and place != region.name:
            yield Violation(
                mapping,
                f"it is in {region} and calls '{function.name}' in {place}: Lambda calls functions of its own region "
                "alone.",
                f"Give it the function of {region.name}.",
                "functionName",
            )
        apis = function.sources("environment", GRAPHQL_API)
        others = [each for each in apis if deployment.lies_in(each) != region.name]
        if others and len(others) == len(apis):
            yield Violation(
                function,
                f"it publishes what changes in {region} to '{others[0].name}' in {deployment.lies_in(others[0])}, so "
                f"subscribers in {region} hear of nothing and those there of everything twice.",
                f"Give it the URL of the API in {region.name}.",
                "environment",
            )


def _judge_filters(mappings: list[Resource]) -> Iterator[Verdict]:
    """Each table's changes have to get through by one of the mappings, all together."""
    through: dict[str, tuple[list[Resource], set[str], set[str]]] = {}
    for mapping in mappings:
        known, unheard = changes_of(mapping)
        for table in tables_read(mapping) or [mapping]:
            found = through.setdefault(table.urn, ([], set(), set()))
            found[0].append(mapping)
            found[1].update(known)
            found[2].update(unheard)
    for readers, told, unheard_of in through.values():
        if missing := sorted(CHANGES - told):
            wrong = f" {' and '.join(sorted(unheard_of))} is no event name of a stream." if unheard_of else ""
            yield Violation(
                readers[0],
                f"its filters let only {' and '.join(sorted(told)) or 'nothing'} through, so subscribers never hear of "
                f"{' and '.join(missing)}.{wrong}",
                'Remove the condition on "eventName", or name INSERT, MODIFY and REMOVE.',
                "filterCriteria",
            )


RULE = stack_rule(
    About(
        name="regions-fan-out",
        title="Every region's subscribers are told of every change",
        description=("Where the schema has subscriptions, each region must publish what its own streams tell."),
        fix=(
            "In each region, make an EventSourceMapping without a filter on eventName from the region's stream to a "
            "function that calls the publish mutations of the region's API."
        ),
        url="https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html",
        severity=Severity.CRITICAL,
    ),
    of_each(deployments, _subscribed),
    _judge,
)
