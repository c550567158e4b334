import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.code import texts
from ..shared.kinds import CLOUDFRONT_FUNCTION, FUNCTION
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.records import latency_region, manages, named
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.table import Route, Table
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.answers import Answers, answers, is_address, key_in


def _judge(found: Answers) -> Iterator[Verdict]:
    if found.table is None:
        if _names_all(found):
            return
        yield Undecided(
            found.router, "its table is not to be seen, so whether it has the latency records' keys is not."
        )
        return
    if not found.table.routes:
        return
    answered = set()
    unknown = None
    for record in found.records:
        try:
            key = key_in(record)
            answered |= {key, _key_for(latency_region(record), found.table)}
        except NotKnownError as error:
            unknown = error
            continue
        if key is not None and key not in found.table.routes and not is_address(key, found.table):
            yield _no_key(record, key, found.table)
            answered |= set(found.table.routes)
    if unknown:
        raise unknown
    yield from _missing(found.table, answered | _simple(found.table))


def _names_all(found: Answers) -> bool:
    """Whether the router's code, where it is seen, has each of the keys as a word of its own."""
    seen = texts(found.router) if found.router.kind in (FUNCTION, CLOUDFRONT_FUNCTION) else {}
    code = "" if seen is UNKNOWN else "\n".join(seen.values())
    keys = [key_in(record) for record in found.records]
    return all(key and re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", code) for key in keys)


def _no_key(record: Resource, key: str, table: Table) -> Violation:
    return Violation(
        record,
        f"it answers \"{key}\", which is no key of the table of router '{table.function.name}', so the router ignores "
        "the answer, and viewers near this region get another.",
        f"Set records to one of the table's keys ({', '.join(table.routes)}), or add the key to the table.",
    )


def _missing(table: Table, answered: set[str | None]) -> Iterator[Verdict]:
    missing = [route for key, route in table.routes.items() if key not in answered and route.dial != 0]
    if not missing or not table.record:
        return
    if answered.isdisjoint(table.routes) and not _has_their_hosts(table):
        yield Undecided(table.function, f"the records of {table.record} are no resources of this stack.")
        return
    yield Violation(
        table.function,
        f"its table has {_listed(missing)}, and no latency record of {table.record} answers with "
        f"{'it' if len(missing) == 1 else 'them'}, so DNS sends no viewer there.",
        f"Add a CNAME record {table.record} with a latency policy for {missing[0].region or 'its region'} and "
        f'records=["{missing[0].key}"], or take the key out of the table.',
    )


def _key_for(region: object, table: Table) -> str | None:
    """The key of the region: a record of it that has another one's is what routing-regions-agree is about."""
    return next((key for key, route in table.routes.items() if route.region == region), None) if region else None


def _simple(table: Table) -> set[str | None]:
    """The keys that other records of the name answer with: what routing-no-simple-record is about."""
    others = named(table.function.stack, table.record) if table.record else []
    answers = [told for record in others if isinstance(told := record.peek("records"), list)]
    return {normal(value) for told in answers for value in told if isinstance(value, str)}


def _has_their_hosts(table: Table) -> bool:
    """Whether the stack makes the records of the regions, so that it is the one to make these."""
    stack = table.function.stack
    hosts = [route.host for route in table.routes.values() if route.host]
    return bool(table.record and manages(stack, table.record)) and all(named(stack, host) for host in hosts)


def _listed(routes: list[Route]) -> str:
    return ("the keys " if len(routes) > 1 else "the key ") + ", ".join(route.key for route in routes)


RULE = stack_rule(
    About(
        name="routing-keys-in-table",
        title="Latency records and the router's table have the same keys",
        description=(
            "Each latency record that the router asks must answer with a key of its table, and each key of the table "
            "must have such a record."
        ),
        fix='Make one latency record for each key of the router\'s table: records=["ireland"].',
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html",
        severity=Severity.HIGH,
    ),
    answers,
    _judge,
)
