"""DynamoDB tables with replicas in other regions: inline ones, and those that are resources of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

from .known import NotKnownError, Properties, Unknown
from .rule import Subject
from .stack import Resource, Stack
from .verdict import Undecided

TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"


@dataclass(frozen=True)
class Replica:
    """A copy of a table in another region.

    Attributes:
        resource: the table, or a `TableReplica`.
        props: the replica's own properties.
        region: where it is.
    """

    resource: Resource
    props: Properties
    region: str | Unknown | None


@dataclass(frozen=True)
class GlobalTable:
    """A table and its replicas, those listed in it and those that are resources of their own."""

    table: Resource
    inline: tuple[Replica, ...]
    separate: tuple[Replica, ...]

    @property
    def replicas(self) -> tuple[Replica, ...]:
        return (*self.inline, *self.separate)


def global_tables(stack: Stack) -> Iterator[Subject[GlobalTable] | Undecided]:
    """The stack's tables that have a replica, as subjects of rules."""
    separate: dict[str, list[Replica]] = {}
    for replica in stack.of(REPLICA):
        for table in replica.sources("globalTableArn", TABLE, value=replica.peek("globalTableArn")):
            separate.setdefault(table.urn, []).append(Replica(replica, replica, replica.region))
    for table in stack.of(TABLE):
        own = tuple(separate.get(table.urn, ()))
        elsewhere = {replica.region for replica in own}
        try:
            # After a deployment the table tells of all its replicas, wherever they are written.
            inline = tuple(each for each in inline_replicas(table) if each.region not in elsewhere)
        except NotKnownError as error:
            yield Undecided(table, f"{error.place} is not known yet.")
            continue
        if inline or own:
            yield Subject(table, GlobalTable(table, inline, own))


def inline_replicas(table: Resource) -> tuple[Replica, ...]:
    """The replicas that the table lists.

    Raises:
        NotKnownError: which they are is not known yet.
    """
    return tuple(Replica(table, each, each.peek("regionName")) for each in table.each("replicas"))


def is_replicated_by_stream(table: Resource) -> bool:
    """Whether the table lists replicas that its stream keeps up to date: a strongly consistent one needs none.

    Raises:
        NotKnownError: which they are is not known yet.
    """
    return any(replica.props.peek("consistencyMode") != "STRONG" for replica in inline_replicas(table))
