"""Whether a name of the stack's own domain resolves, by the zones and records that the stack has."""

from collections.abc import Iterator

from ...shared.certificate import CERTIFICATE, normal
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.routing_code import latency_cnames
from ...shared.stack import Resource, Stack

ZONE = "aws:route53/zone:Zone"
_RECORD = "aws:route53/record:Record"
_ADDRESSES = ("A", "AAAA", "CNAME")


def has_record(stack: Stack, host: str) -> bool:
    """Whether a record of the stack gives the name, or a wildcard above it, an address.

    Raises:
        NotKnownError: none does, and one of which the name is not known yet may.
    """
    names = {host, f"*.{host.partition('.')[2]}"}
    records = [each for each in stack.of(_RECORD) if each.peek("type") in (*_ADDRESSES, UNKNOWN)]
    if any(names & set(_names(each)) for each in records):
        return True
    # A record that validates a certificate has a name that ACM makes up.
    if any(each.peek("name") is UNKNOWN and not each.sources("name", CERTIFICATE) for each in records):
        raise NotKnownError("name")
    return False


def canonical(stack: Stack, host: str) -> Resource | None:
    """The CNAME record of the stack that has the name, so that another name answers for it."""
    records = (each for each in stack.of(_RECORD) if each.peek("type") == "CNAME")
    return next((each for each in records if host in _names(each)), None)


def zone_of(stack: Stack, host: str) -> Resource | None:
    """The public zone of the stack that the name is in; None where it is in none, or handed on to another zone."""
    zones = [each for each in stack.of(ZONE) if not each.peek("vpcs") and isinstance(each.peek("name"), str)]
    delegated = [name for each in stack.of(_RECORD) if each.peek("type") == "NS" for name in _names(each)]
    if any(_is_below(host, name) for name in delegated):
        return None
    return next((each for each in zones if _is_below(host, normal(each.read("name")))), None)


def is_region_key(stack: Stack, host: str) -> bool:
    """Whether latency records of that name answer with keys of regions, which are no hosts."""
    return any(
        host in _names(each) and all("." not in value for value in each.peek("records") or [] if value is not UNKNOWN)
        for each in latency_cnames(stack)
        if each.peek("records") is not UNKNOWN
    )


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _names(record: Resource) -> Iterator[str]:
    """The record's name, and what it is in each zone of the stack: Route 53's provider completes a short one."""
    name = record.peek("name")
    if not isinstance(name, str):
        return
    yield normal(name)
    for zone in record.stack.of(ZONE):
        if isinstance(zone.peek("name"), str):
            yield f"{normal(name)}.{normal(zone.read('name'))}".lstrip(".")
