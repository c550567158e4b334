"""The EDNS option that tells a name server for whom it is asked (RFC 7871, section 6): network addresses as bytes."""

from __future__ import annotations

from _socket import AF_INET, AF_INET6, inet_pton

# Leading bits of an address that are told: what RFC 7871, section 11.1, asks of the private for a viewer is enough for
# an edge location, whose servers are neighbours.
IPV4_BITS = 24
IPV6_BITS = 56

_FAMILIES = ((AF_INET, b"\x00\x01", IPV4_BITS), (AF_INET6, b"\x00\x02", IPV6_BITS))
_SCOPE = 3  # the octet that is zero in a query, and in an answer says how many bits it is for


def encode_subnet(address: str) -> bytes | None:
    """The data of the option for the network that `address` lies in, None where it is no IP address."""
    for family, code, bits in _FAMILIES:
        try:
            packed = inet_pton(family, address)
        except (OSError, ValueError):  # ValueError: an address with a null character
            continue
        return code + bytes((bits, 0)) + packed[: bits // 8]
    return None


def answered_scope(echo: bytes, subnet: bytes) -> int | None:
    """How many bits the answer with the option `echo` is for; None where it is not the answer to `subnet` (7.3)."""
    if len(echo) != len(subnet) or echo[:_SCOPE] != subnet[:_SCOPE] or echo[_SCOPE + 1 :] != subnet[_SCOPE + 1 :]:
        return None
    return echo[_SCOPE]
