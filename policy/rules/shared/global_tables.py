"""DynamoDB tables with replicas in other regions: inline ones, and those that are resources of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

from .kinds import REPLICA, TABLE
from .known import UNKNOWN, NotKnownError, Properties, Unknown
from .rule import Subject
from .stack import Resource, Stack
from .verdict import Undecided


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
    for table in stack.of(TABLE):
        own = tuple(Replica(replica, replica, replica.region) for replica in separate_replicas(table))
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


def separate_replicas(table: Resource) -> list[Resource]:
    """The replicas that are resources of their own."""
    return [
        each
        for each in table.stack.of(REPLICA)
        if table in each.sources("globalTableArn", TABLE, value=each.peek("globalTableArn"))
    ]


def is_replicated(table: Resource) -> bool:
    """Whether other regions have a replica of the table, be it known which ones or not."""
    inline = table.peek("replicas")
    return inline is UNKNOWN or bool(inline) or bool(separate_replicas(table))


def is_replicated_by_stream(table: Resource) -> bool:
    """Whether the table lists replicas that its stream keeps up to date: a strongly consistent one needs none.

    Raises:
        NotKnownError: which they are is not known yet.
    """
    return any(replica.props.peek("consistencyMode") != "STRONG" for replica in inline_replicas(table))
