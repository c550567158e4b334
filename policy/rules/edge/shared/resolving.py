"""Whether a name of the stack's own domain resolves, by the zones and records that the stack has."""

from ...shared.certificate import normal
from ...shared.kinds import CERTIFICATE, RECORD, ZONE
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.records import is_named, name_of, named
from ...shared.routing_code import latency_cnames
from ...shared.stack import Resource, Stack

_ADDRESSES = ("A", "AAAA", "CNAME", UNKNOWN)


def has_record(stack: Stack, host: str) -> bool:
    """Whether a record of the stack gives the name, or a wildcard above it, an address.

    Raises:
        NotKnownError: none does, and one of which the name is not known yet may.
    """
    if any(each.peek("type") in _ADDRESSES for each in named(stack, host, wildcards=True)):
        return True
    unnamed = [each for each in stack.of(RECORD) if each.peek("name") is UNKNOWN and each.peek("type") in _ADDRESSES]
    # A record that validates a certificate has a name that ACM makes up.
    if any(not each.sources("name", CERTIFICATE) for each in unnamed):
        raise NotKnownError("name")
    return False


def canonical(stack: Stack, host: str) -> Resource | None:
    """The CNAME record of the stack that has the name, so that another name answers for it."""
    return next((each for each in named(stack, host) if each.peek("type") == "CNAME"), None)


def zone_above(stack: Stack, host: str) -> Resource | None:
    """The public zone of the stack that the name is in; None where it is in none, or handed on to another zone."""
    servers = [each for each in stack.of(RECORD) if each.peek("type") == "NS" and each.peek("name") is not UNKNOWN]
    if any(_is_below(host, name_of(each)) for each in servers):
        return None
    zones = [each for each in stack.of(ZONE) if not each.peek("vpcs") and isinstance(each.peek("name"), str)]
    return next((each for each in zones if _is_below(host, normal(each.read("name")))), None)


def is_region_key(stack: Stack, host: str) -> bool:
    """Whether latency records of that name answer with keys of regions, which are no hosts."""
    answers = [
        each.peek("records")
        for each in latency_cnames(stack)
        if each.peek("name") is not UNKNOWN and is_named(each, host)
    ]
    return any(
        all("." not in value for value in values if value is not UNKNOWN)
        for values in answers
        if isinstance(values, list)
    )


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
