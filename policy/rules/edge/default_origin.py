import ipaddress
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.certificate import normal
from ..shared.kinds import DISTRIBUTION
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.origin import group_of, is_bucket, origin_of
from ..shared.router import Behaviour, routed_behaviours
from ..shared.routing_code import API_HOSTS, regions_of_hosts
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource, Stack
from ..shared.table import parsed, source
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.resolving import canonical, has_record, is_region_key, zone_above
from .shared.viewer_certificate import domains_of

# RFC 2606 and RFC 6761.
_NEVER = (".invalid", ".test", ".example", ".localhost", ".local", ".internal")
_FIX = (
    "Name a host that always resolves and belongs to no region, such as a record of your own domain with the address "
    "192.0.2.1, where nobody answers."
)


def _judge(behaviour: Behaviour) -> Iterator[Verdict]:
    distribution = behaviour.distribution
    origin = origin_of(distribution, behaviour.props)
    if origin is None:
        # edge-no-origin-group is about groups.
        if not group_of(distribution, behaviour.props):
            found = f'targetOriginId is "{behaviour.props.read("targetOriginId")}", and no origin has that originId.'
            yield Violation(distribution, found, "Name one of the origins.", behaviour.props.place)
        return
    why: str | None
    if is_bucket(origin):
        why = "is an S3 bucket: the router is shown no custom origin whose host it could replace"
    elif origin.peek("domainName") is UNKNOWN:
        why = _wrong_with_source(distribution, origin.place)
    else:
        host = normal(origin.read("domainName") or "")
        why = _wrong_with(behaviour, host)
        if not why and _is_left_to_others(distribution, host):
            yield Undecided(
                distribution, f"no record of this stack is for {host}, so it may not resolve.", origin.place
            )
    if why:
        yield Violation(distribution, f"the origin of the behaviour that carries the router {why}.", _FIX, origin.place)


def _wrong_with_source(distribution: Resource, place: str) -> str | None:
    """The same, of a host that is not known yet, by the resource that it is of."""
    unknown = [each for each in distribution.each("origins") if each.peek("domainName") is UNKNOWN]
    regional = distribution.sources("origins", *API_HOSTS)
    # Of several origins a preview does not tell which one a resource is the origin of.
    if len(unknown) > 1 or not regional:
        raise NotKnownError(f"{place}.domainName")
    return f"is the API of one region ('{regional[0].name}'): what ails that region fails requests for all"


def _wrong_with(behaviour: Behaviour, host: str) -> str | None:
    names, owners = _ends(behaviour.distribution.stack, host)
    own = {*_aliases(behaviour.distribution), behaviour.distribution.output("domainName")}
    if names & own or any(each.urn == behaviour.distribution.urn for each in owners):
        return f"is {host}, the distribution itself: CloudFront refuses a request that comes back to it"
    if names & _regional_hosts(behaviour) or regions_of_hosts(" ".join(names)) or owners:
        return f"is {host}, the host of one region: what ails that region fails requests for all"
    if why := _unresolved(behaviour.distribution.stack, host):
        return f"is {host or 'not named'}, {why}: CloudFront answers 502 and the router never runs"
    return None


def _ends(stack: Stack, host: str) -> tuple[set[str], list[Resource]]:
    """The name and what a CNAME record of the stack puts in its place, and whose host that is if not known yet."""
    record = canonical(stack, host)
    if record is None:
        return {host}, []
    values = record.peek("records")
    known = {normal(value) for value in values if isinstance(value, str)} if isinstance(values, list) else set()
    return {host} | known, record.sources("records", DISTRIBUTION, *API_HOSTS)


def _aliases(distribution: Resource) -> list[str]:
    """Those that are known."""
    told = distribution.peek("aliases")
    return [normal(alias) for alias in told if isinstance(alias, str)] if isinstance(told, list) else []


def _is_left_to_others(distribution: Resource, host: str) -> bool:
    """Whether the name is in the distribution's own domain, and neither record nor zone of the stack tells of it."""
    domains = domains_of(_aliases(distribution))
    return any(host.endswith(f".{domain}") for domain in domains) and not has_record(distribution.stack, host)


def _unresolved(stack: Stack, host: str) -> str | None:
    """Why no address is found for the host."""
    if is_region_key(stack, host):
        return "which answers with the key of a region and no host"
    if _is_address(host):
        return "and CloudFront takes names only"
    if has_record(stack, host):
        return None
    if host.endswith(_NEVER) or "." not in host:
        return "which never resolves"
    zone = zone_above(stack, host)
    return f"of which the zone '{zone.name}' has no record" if zone else None


def _regional_hosts(behaviour: Behaviour) -> set[str]:
    """The hosts of the regions: those in the router's table, and the custom domains of the stack's APIs."""
    custom = [each for each in behaviour.distribution.stack.of(*API_HOSTS) if each.kind.endswith(":DomainName")]
    hosts = {each.peek("domainName") for each in custom}
    for function in behaviour.router.functions:
        members = parsed(source(function) or "") or {"regions": {}}
        hosts |= {route.get("host") for route in members["regions"].values() if isinstance(route, dict)}
    return {normal(host) for host in hosts if isinstance(host, str)}


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


RULE = stack_rule(
    About(
        name="edge-default-origin",
        title="Requests reach the router whatever region is down",
        description=(
            "The origin of a behaviour that carries the router must be a host that always resolves and belongs to no "
            "region, for CloudFront looks it up before it runs the router."
        ),
        fix="Add an A record such as default-origin.DOMAIN with the address 192.0.2.1, and name it as the origin.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html",
        severity=Severity.CRITICAL,
    ),
    routed_behaviours,
    _judge,
)
