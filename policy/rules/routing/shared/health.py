"""The health checks of the latency records that answer a router."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...shared.kinds import HEALTH_CHECK
from ...shared.rule import Subject, of_each
from ...shared.stack import Resource, Stack
from ...shared.verdict import Undecided
from .answers import Answers, answer_records

# Types that ask a host; the others go by other checks, alarms and switches.
_ASKING = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})


@dataclass(frozen=True)
class Checked:
    """A latency record and its health check."""

    record: Resource
    check: Resource
    answers: Answers


def checked(stack: Stack) -> Iterator[Subject[Checked] | Undecided]:
    """The latency records of routers that have a health check of this stack, as subjects of rules."""
    return of_each(answer_records, _checked)(stack)


def _checked(found: tuple[Resource, Answers]) -> Iterator[Subject[Checked]]:
    record, answers = found
    for check in check_of(record):
        yield Subject(check, Checked(record, check, answers))


def check_of(record: Resource) -> list[Resource]:
    """The record's health check; none where it has none, or another stack's."""
    given = record.peek("healthCheckId")
    return record.sources("healthCheckId", HEALTH_CHECK, value=given) if given else []


def asks_a_host(check: Resource) -> bool:
    """Whether the check asks a host by itself.

    Raises:
        NotKnownError: its type is not known yet.
    """
    return str(check.read("type")).upper() in _ASKING
