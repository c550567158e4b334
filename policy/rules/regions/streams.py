from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_policy import Severity

from ..shared.global_tables import is_replicated, is_replicated_by_stream
from ..shared.kinds import MAPPING
from ..shared.known import NotKnownError
from ..shared.rule import About, Subject, of_each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.deployment import Deployment, deployments
from .shared.streams import mappings_in, tables_read

_WHOLE = "NEW_AND_OLD_IMAGES"


@dataclass(frozen=True)
class _Read:
    """A table whose stream is read in some region."""

    deployment: Deployment
    table: Resource


def _read_tables(deployment: Deployment) -> Iterator[Subject[_Read]]:
    read = {table: None for mapping in deployment.stack.of(MAPPING) for table in tables_read(mapping)}
    for table in read:
        yield Subject(table, _Read(deployment, table))


def _judge(read: _Read) -> Iterator[Verdict]:
    table, deployment = read.table, read.deployment
    # data-stream-view says what the stream has to be that replication goes by.
    if not is_replicated_by_stream(table):
        yield from _judge_stream(table)
    if not is_replicated(table):
        return
    regions = deployment.regions
    by_region = {
        region: [each for each in mappings_in(deployment, region) if table in tables_read(each)] for region in regions
    }
    model = next((found[0] for found in by_region.values() if found), None)
    for region, found in by_region.items():
        if model and not found:
            yield Violation(
                table,
                f"nothing reads its stream in {region}, as '{model.name}' does elsewhere: what waits for changes in "
                f"{region} never hears of any.",
                f"Make an EventSourceMapping in {region.name} of the replica's stream there.",
                "streamEnabled",
            )


def _judge_stream(table: Resource) -> Iterator[Verdict]:
    if table.read("streamEnabled") is not True:
        yield Violation(
            table,
            "it has no stream, and event source mappings read one.",
            f'Set stream_enabled=True and stream_view_type="{_WHOLE}" on the table.',
            "streamEnabled",
        )
    elif (kind := _view(table)) != _WHOLE:
        yield Violation(
            table,
            f"its stream carries {kind or 'nothing that is said'}, so whoever is told of a change is not told what it "
            "was before and is now.",
            f'Set stream_view_type="{_WHOLE}" on the table.',
            "streamViewType",
        )


def _view(table: Resource) -> str | None:
    view = table.read("streamViewType")
    if view is not None and not isinstance(view, str):
        raise NotKnownError("streamViewType")
    return view


RULE = stack_rule(
    About(
        name="regions-streams",
        title="A stream that one region reads is read in every region",
        description=(
            "A table whose stream is read must have one with new and old images, and every region must read its own."
        ),
        fix="Enable the stream with NEW_AND_OLD_IMAGES, and make the event source mapping in each region.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html",
        severity=Severity.HIGH,
    ),
    of_each(deployments, _read_tables),
    _judge,
)
