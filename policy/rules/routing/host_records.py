from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.kinds import DISTRIBUTION, DOMAINS
from ..shared.records import leads_to, manages, named
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.table import Route, Table
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.hosts import domains, is_ambiguous, is_of_aws, routes


def _judge(subject: tuple[Table, Route]) -> Iterator[Verdict]:
    table, route = subject
    if route.host is None or is_of_aws(route.host) or is_ambiguous(table, route):
        return
    stack = table.function.stack
    found = named(stack, route.host, wildcards=True)
    for record in found:
        yield from _judge_record(record, route)
    if found:
        return
    if not manages(stack, route.host):
        yield Undecided(
            table.function, f"the domain of {route.host} is another stack's, and so are its records.", route.key
        )
        return
    # A host that is not there at all is what routing-hosts is about.
    for domain in domains(stack, route.host)[:1]:
        yield Violation(
            domain,
            f"the router sends what is for {route.key} to {route.host}, and no DNS record has that name: CloudFront "
            "cannot find it and answers 502.",
            f'Make a CNAME record name="{route.host}" with the name that AWS gives this custom domain as its value.',
        )


def _judge_record(record: Resource, route: Route) -> Iterator[Verdict]:
    targets = leads_to(record, *DOMAINS, DISTRIBUTION)
    if not targets or any(_is(target, str(route.host)) for target in targets):
        return
    loops = targets[0].kind == DISTRIBUTION
    yield Violation(
        record,
        f"the router sends what is for {route.key} to {route.host}, and this record leads to '{targets[0].name}', "
        + ("from where it comes: a loop." if loops else "which has another name and refuses it."),
        f"Set its value to the name that AWS gives the custom domain {route.host}.",
    )


def _is(target: Resource, host: str) -> bool:
    name = target.peek("domainName") if target.kind in DOMAINS else None
    return isinstance(name, str) and normal(name) == normal(host)


RULE = stack_rule(
    About(
        name="routing-host-records",
        title="Each host of the router's table can be found",
        description="Each host of the router's table must have a DNS record that leads to its custom domain.",
        fix="Make a record of the host's name, with the name that AWS gives the custom domain as its value.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html",
        severity=Severity.CRITICAL,
    ),
    routes,
    _judge,
)
