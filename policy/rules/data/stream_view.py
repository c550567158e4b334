from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from ..shared.global_tables import is_replicated_by_stream
from ..shared.kinds import TABLE
from ..shared.known import UNKNOWN, Properties
from ..shared.mending import changed, shown
from ..shared.rule import About, resource_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_WANTED = "NEW_AND_OLD_IMAGES"


def _judge(table: Resource) -> Iterator[Verdict]:
    if not is_replicated_by_stream(table):
        return
    table.read("streamEnabled")
    table.read("streamViewType")
    if found := _other(table):
        yield Violation(
            table,
            f"it has replicas, and {found}: DynamoDB replicates a table by a stream with new and old images, and "
            "refuses another one, or that it be turned off.",
            f'Set stream_enabled=True and stream_view_type="{_WANTED}".',
            "streamViewType",
        )


def _mend(props: Mapping[str, Any]) -> Mapping[str, Any] | None:
    table = shown(props, TABLE)
    replicas = table.peek("replicas")
    if not replicas or replicas is UNKNOWN or not _other(table):
        return None
    if all(replica.peek("consistencyMode") == "STRONG" for replica in table.each("replicas")):
        return None
    return changed(props, {"streamEnabled": True, "streamViewType": _WANTED})


def _other(table: Properties) -> str | None:
    """What the table has instead; None where it is right, or not known yet."""
    enabled, view = table.peek("streamEnabled"), table.peek("streamViewType")
    if enabled is UNKNOWN or view is UNKNOWN:
        return None
    if not enabled:
        return "no stream"
    return None if view == _WANTED else f'its stream is of the type "{view}"'


RULE = resource_rule(
    About(
        name="data-stream-view",
        title="Replicated tables have the stream that replication needs",
        description="A DynamoDB table with replicas must have a stream with new and old images.",
        fix=f'Set stream_enabled=True and stream_view_type="{_WANTED}" on the table.',
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
        severity=Severity.HIGH,
    ),
    [TABLE],
    _judge,
    _mend,
)
