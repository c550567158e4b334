"""What tells a region's subscribers of changes: a stream of each published table, and the function that reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.verify import tables
from ops.verify.finding import Fault
from ops.verify.functions import judge_state
from ops.verify.link import Link
from ops.verify.site import Site

_EXAMINE = "A dead letter says why its change was not published: mend that, then delete it from the queue."
_PARTIAL = "ReportBatchItemFailures"


@dataclass(frozen=True)
class Reading:
    """A region's fan-out: the function, its event source mappings, and each published table's newest stream."""

    function: Mapping[str, Any]
    mappings: Sequence[Mapping[str, Any]]
    streams: Mapping[str, str | None]


def judge(read: Reading, url: str, dead_letters: str) -> Iterator[Fault]:
    """`url` is the region's own endpoint, where it has to publish; `dead_letters` its queue's URL."""
    name = read.function["FunctionName"]
    yield from judge_state(read.function)
    variables = read.function.get("Environment", {}).get("Variables", {})
    if (target := variables.get("GRAPHQL_URL")) != url:
        yield Fault(f"{name} publishes to {target}, not to its own region's {url}")
    if (queue := variables.get("DEAD_LETTERS")) != dead_letters:
        yield Fault(f"{name} sets aside what it cannot publish in {queue}, not in {dead_letters}")
    by_table = {table_of(mapping["EventSourceArn"]): mapping for mapping in read.mappings}
    for table, stream in sorted(read.streams.items()):
        if table not in by_table:
            yield Fault(f"no stream of {table} leads to {name}: its changes are told to nobody")
            continue
        mapping = by_table[table]
        result = mapping.get("LastProcessingResult", "")
        if mapping["State"] != "Enabled" or result.startswith("PROBLEM"):
            yield Fault(f"{name} reads {table}: {mapping['State']}, last result: {result or 'none'}")
        if stream and mapping["EventSourceArn"] != stream:
            yield Fault(f"{name} reads a stream that {table} has no more, {mapping['EventSourceArn']}")
        if _PARTIAL not in mapping.get("FunctionResponseTypes", ()):
            yield Fault(f"{name} reads {table} without {_PARTIAL}: after one failure it publishes whole batches again")


def judge_dead_letters(queue: str, count: int) -> Iterator[Fault]:
    if count:
        yield Fault(f"{count} in {queue}: changes that no subscriber here was told of", _EXAMINE)


def table_of(stream: str) -> str:
    """The table's name in a stream's ARN, `...:table/<name>/stream/<label>`."""
    return stream.partition(":table/")[2].partition("/")[0]


def has_fan_out(site: Site) -> bool:
    return "fanOut" in site.outputs


def function_of(site: Site, key: str) -> Mapping[str, Any]:
    """Lambda's description of the region's fan-out."""
    region, name = site.region(key), site.told("fanOut", key, "function")
    read = site.client("lambda", region).get_function_configuration
    return site.once(f"fan-out {key}", lambda: dict(read(FunctionName=name)))


def _mappings(site: Site, key: str) -> list[dict[str, Any]]:
    region, name = site.region(key), site.told("fanOut", key, "function")
    pages = site.client("lambda", region).get_paginator("list_event_source_mappings")
    return site.once(
        f"mappings {key}",
        lambda: [each for page in pages.paginate(FunctionName=name) for each in page["EventSourceMappings"]],
    )


def _published(site: Site) -> set[str]:
    """The tables whose changes any region publishes: all regions publish the same."""
    found: set[str] = set()
    for key in site.outputs["regions"]:
        try:
            found |= {table_of(mapping["EventSourceArn"]) for mapping in _mappings(site, key)}
        except Exception:  # noqa: BLE001, S112 - that region's fault, and told as that
            continue
    return found


def _check(site: Site, key: str) -> Iterator[Fault]:
    published = _published(site)
    if not published:
        yield Fault(f"no stream leads to {site.told('fanOut', key, 'function')}: subscribers here hear of nothing")
    found = {name: tables.described(site, key, name) for name in published}
    for name, table in sorted(found.items()):
        yield from tables.judge_stream(name, table)
    streams = {name: table.get("LatestStreamArn") if table else None for name, table in found.items()}
    read = Reading(function_of(site, key), _mappings(site, key), streams)
    yield from judge(read, site.told("apis", key, "url"), site.told("fanOut", key, "deadLetters"))


def _dead_letters(site: Site, key: str) -> Iterator[Fault]:
    queue = site.told("fanOut", key, "deadLetters")
    attributes = site.client("sqs", site.region(key)).get_queue_attributes(
        QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]
    return judge_dead_letters(queue, int(attributes["ApproximateNumberOfMessages"]))


LINK = Link(
    "fan-out",
    "every published table's stream is read, and published to the region's own endpoint",
    in_region=_check,
    applies=has_fan_out,
    after=("tables",),
)
DEAD_LETTERS = Link("dead letters", "none", in_region=_dead_letters, applies=has_fan_out)
