"""The custom domains of regional APIs: AppSync's, and API Gateway's for REST and for HTTP APIs."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...shared.certificate import normal
from ...shared.kinds import APPSYNC_DOMAIN, DOMAINS, GRAPHQL_API, HTTP_API, HTTP_DOMAIN, REST_API, REST_DOMAIN
from ...shared.known import UNKNOWN
from ...shared.rule import Subject, of_each
from ...shared.stack import Resource, Stack
from ...shared.table import Route, Table, tables
from ...shared.verdict import Undecided


@dataclass(frozen=True)
class _Mapping:
    """How a custom domain comes to an API: by a resource of type `kind`, whose property `api` names it."""

    kind: str
    api: str
    apis: tuple[str, ...]


_MAPPINGS = {
    APPSYNC_DOMAIN: _Mapping(
        "aws:appsync/domainNameApiAssociation:DomainNameApiAssociation",
        "apiId",
        (GRAPHQL_API, "aws:appsync/api:Api"),
    ),
    REST_DOMAIN: _Mapping("aws:apigateway/basePathMapping:BasePathMapping", "restApi", (REST_API,)),
    HTTP_DOMAIN: _Mapping(
        "aws:apigatewayv2/apiMapping:ApiMapping",
        "apiId",
        (HTTP_API, REST_API),
    ),
}

WITH_DOMAINS = tuple(dict.fromkeys(kind for mapping in _MAPPINGS.values() for kind in mapping.apis))
"""The types of APIs that have custom domains."""


def routes(stack: Stack) -> Iterator[Subject[tuple[Table, Route]] | Undecided]:
    """Each region of each router's table, as subjects of rules."""
    return of_each(tables, lambda table: (Subject(table.function, (table, route)) for route in table.routes.values()))(
        stack
    )


def domains(stack: Stack, host: str) -> list[Resource]:
    """The custom domains of this name."""
    return [
        domain
        for domain in stack.of(*DOMAINS)
        if isinstance(name := domain.peek("domainName"), str) and normal(name) == normal(host)
    ]


def mappings(domain: Resource) -> list[Resource]:
    """What joins the custom domain with an API."""
    return [each for each in domain.stack.of(_MAPPINGS[domain.kind].kind) if _is_of(each, domain)]


def apis(mapping: Resource) -> list[Resource]:
    """The APIs of this stack that the mapping may lead to; none where another stack made it."""
    (how,) = [each for each in _MAPPINGS.values() if each.kind == mapping.kind]
    return mapping.sources(how.api, *how.apis, value=mapping.peek(how.api))


def is_ambiguous(table: Table, route: Route) -> bool:
    """Whether the route's host is another's too, or the global one: `routing-hosts-distinct` is about these."""
    if route.host is None:
        return False
    host = normal(route.host)
    same = [each for each in table.routes.values() if each.host and normal(each.host) == host]
    return len(same) > 1 or host in table.aliases


def region_of_host(host: str) -> str | None:
    """The region in a host that AWS gave, as in `abc.appsync-api.eu-west-1.amazonaws.com`; None in one of one's own.

    Hosts of AWS without a region in them tell none.
    """
    labels = normal(host).split(".")
    if not is_of_aws(host):
        return None
    return next((label for label in labels[1:] if label.count("-") >= 2 and label[-1:].isdigit()), None)  # noqa: PLR2004 - as in eu-west-1


def is_of_aws(host: str) -> bool:
    """Whether AWS made the host's record."""
    return normal(host).endswith((".amazonaws.com", ".on.aws", ".cloudfront.net", ".amazonaws.com.cn"))


def _is_of(mapping: Resource, domain: Resource) -> bool:
    name = mapping.peek("domainName")
    if name is UNKNOWN:
        return domain in mapping.sources("domainName", domain.kind)
    return isinstance(name, str) and normal(name) == normal(domain.read("domainName"))
