from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.known import UNKNOWN, NotKnownError
from ..shared.records import manages, named
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.table import Route, Table
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.hosts import apis, domains, is_ambiguous, is_of_aws, mappings, region_of_host, routes


def _judge(subject: tuple[Table, Route]) -> Iterator[Verdict]:
    table, route = subject
    if route.host is None or is_ambiguous(table, route):
        return
    if is_of_aws(route.host):
        yield from _judge_aws_host(table, route)
        return
    found = domains(table.function.stack, route.host)
    if found:
        for domain in found:
            yield from _judge_domain(domain, route)
    elif not named(table.function.stack, route.host, wildcards=True):
        yield from _nothing(table, route)


def _judge_aws_host(table: Table, route: Route) -> Iterator[Verdict]:
    region = region_of_host(route.host or "")
    if region and route.region and region != route.region:
        yield Violation(
            table.function,
            f"its table sends what is for {route.key} ({route.region}) to {route.host}, which lies in {region}.",
            f"Give {route.key} the host of its own region, or the region of its host.",
            route.key,
        )


def _judge_domain(domain: Resource, route: Route) -> Iterator[Verdict]:
    joined = mappings(domain)
    if not joined:
        yield Violation(
            domain,
            f"the router sends what is for {route.key} to {route.host}, and this custom domain leads to no API: every "
            "request is refused.",
            "Join it with the region's API: an aws.appsync.DomainNameApiAssociation, or API Gateway's mapping.",
        )
    for api in (api for mapping in joined for api in apis(mapping)):
        if api.region is UNKNOWN:
            raise NotKnownError(f"the region of '{api.name}'")
        if route.region and api.region not in (None, route.region):
            yield Violation(
                domain,
                f"the router sends what is for {route.key} ({route.region}) to {route.host}, and this custom domain "
                f"leads to '{api.name}' in {api.region}.",
                f"Join it with the API in {route.region}.",
            )


def _nothing(table: Table, route: Route) -> Iterator[Verdict]:
    host = str(route.host)
    if not manages(table.function.stack, host):
        yield Undecided(
            table.function, f"the domain of {host} is another stack's, and so is perhaps that host.", route.key
        )
        return
    yield Violation(
        table.function,
        f"its table sends what is for {route.key} to {host}, and nothing in this stack has that name: CloudFront "
        "answers 502.",
        f"Make a custom domain of that name and join it with the API of {route.key}, or put the right host into the "
        "table.",
        route.key,
    )


RULE = stack_rule(
    About(
        name="routing-hosts",
        title="Each host of the router's table is the API of its region",
        description="Each host of the router's table must be a custom domain that leads to an API in the key's region.",
        fix="Make a custom domain of the host's name in each region, and join it with the region's API.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html",
        severity=Severity.CRITICAL,
    ),
    routes,
    _judge,
)
