"""The health checks of the latency records that answer a router, and those that they are calculated from.

A check that is inverted is taken for a switch: an operator turns it on elsewhere, to take the region out of rotation.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ...shared.kinds import HEALTH_CHECK
from ...shared.known import UNKNOWN
from ...shared.records import LATENCY
from ...shared.rule import Subject, of_each
from ...shared.stack import Resource, Stack
from ...shared.table import Route
from ...shared.verdict import Undecided
from .answers import Answers, answer_records

CHILDREN = "childHealthchecks"

# Types that ask a host; the others go by other checks, alarms and switches.
_ASKING = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})


@dataclass(frozen=True)
class Checked:
    """A latency record, and a health check that it goes by."""

    record: Resource
    check: Resource
    answers: Answers

    @property
    def route(self) -> Route | None:
        """The region whose key the record answers with; None where that cannot be seen, or the record is another's.

        Of a record that answers with the key of a region that it is not for, routing-regions-agree tells.

        Raises:
            NotKnownError: what the record answers is not known yet.
        """
        route = self.answers.route_of(self.record)
        policies = self.record.peek(LATENCY)
        told = policies[0] if isinstance(policies, list) and policies else UNKNOWN
        near = told.get("region") if isinstance(told, dict) else UNKNOWN
        return None if route is None or near not in (route.region or near, UNKNOWN) else route


def checked(stack: Stack) -> Iterator[Subject[Checked] | Undecided]:
    """The latency records of routers with their own health checks, of this stack, as subjects of rules."""
    return of_each(answer_records, lambda found: _checked(found, check_of(found[0])))(stack)


def followed(stack: Stack) -> Iterator[Subject[Checked] | Undecided]:
    """The same, with those checks instead that tell by themselves: what calculated ones are calculated from."""
    return of_each(answer_records, lambda found: _checked(found, telling(found[0])))(stack)


def _checked(found: tuple[Resource, Answers], checks: list[Resource]) -> Iterator[Subject[Checked]]:
    record, answers = found
    for check in checks:
        yield Subject(check, Checked(record, check, answers))


def check_of(record: Resource) -> list[Resource]:
    """The record's health check; none where it has none, or another stack's."""
    given = record.peek("healthCheckId")
    return record.sources("healthCheckId", HEALTH_CHECK, value=given) if given else []


def telling(record: Resource) -> list[Resource]:
    """The checks of this stack that the record goes by and that are not calculated from others.

    One that is calculated and inverted counts as a whole: those below it mean the opposite of what they say.
    """
    return [check for check in _below(record) if not _is_calculated(check)]


def calculated(record: Resource) -> list[Resource]:
    """Those that are, and are not inverted."""
    return [check for check in _below(record) if _is_calculated(check)]


def children(check: Resource) -> list[Resource]:
    """The checks of this stack that the check is calculated from."""
    told = check.peek(CHILDREN)
    ids = told if isinstance(told, list) else [told]
    if UNKNOWN in ids:
        return check.sources(CHILDREN, HEALTH_CHECK)
    return [child for each in ids if each for child in check.sources(CHILDREN, HEALTH_CHECK, value=each)]


def is_watched(record: Resource) -> bool:
    """Whether a health check takes the record out of DNS when its region is down, by what is known.

    Route 53 takes what a disabled check is for healthy; and a switch tells nothing of the region.
    """
    if not record.peek("healthCheckId"):
        return False
    own = check_of(record)
    if any(check.peek("disabled") is True for check in own):
        return False
    found = telling(record)
    return not found or any(
        check.peek("disabled") is not True and (check in own or not is_inverted(check)) for check in found
    )


def is_inverted(check: Resource) -> bool:
    return check.peek("invertHealthcheck") is True


def asks_a_host(check: Resource) -> bool:
    """Whether the check asks a host by itself.

    Raises:
        NotKnownError: its type is not known yet.
    """
    return str(check.read("type")).upper() in _ASKING


def region_asked(check: Resource) -> str | None:
    """The AWS region of what the check asks, where that is known by what its host refers to, and is one."""
    regions = {each.region for each in check.sources("fqdn", *{every.kind for every in check.stack.resources})}
    (region,) = regions if len(regions) == 1 else [None]
    return region if isinstance(region, str) else None


def _below(record: Resource) -> list[Resource]:
    found: dict[str, Resource] = {}
    todo = check_of(record)
    while todo:
        check = todo.pop(0)
        if check.urn not in found:
            found[check.urn] = check
            todo += children(check) if _is_calculated(check) else []
    return list(found.values())


def _is_calculated(check: Resource) -> bool:
    return check.peek("type") == "CALCULATED" and not is_inverted(check)
