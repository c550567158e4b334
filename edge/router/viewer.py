"""What a viewer's request says about who asks, and for what. Nothing here trusts it."""

from __future__ import annotations

from functools import lru_cache

from subnet import encode_subnet

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Place = tuple[str, bytes]
    """Code of an edge location, and the network of its servers as DNS is told it (`encode_subnet`)."""

COOKIE = "antipodes-region"
HOME = "x-antipodes-region"
OPERATION = "x-antipodes-operation"
LOCATION = "x-antipodes-edge-location"
ADDRESS = "x-antipodes-edge-address"
PLACE = (LOCATION, ADDRESS)

# A regional edge cache has a few dozen edge locations, each of a few servers.
_MAX_PLACES = 1024
_CODE_LETTERS = 3  # of an airport, and in some names of edge locations digits behind
_MAX_CODE = 6
_READS = ("GET", "HEAD", "OPTIONS")


def is_write(request: Mapping[str, Any]) -> bool:
    """Whether `request` may change data.

    A GraphQL query is a POST as a mutation is, and its body is not seen here: the client has to tell them apart.
    """
    return request["method"] not in _READS and _values(request, OPERATION) != ["read"]


def homes(request: Mapping[str, Any], sticky: str) -> list[str]:
    """What the viewer named as its home region, by what `sticky` says: `cookie` or `header`."""
    return _cookies(request) if sticky == "cookie" else _values(request, HOME)


def _cookies(request: Mapping[str, Any]) -> list[str]:
    """The values of all cookies of the name, as they stand: browsers may send several."""
    pairs = (pair.partition("=") for text in _values(request, "cookie") if COOKIE in text for pair in text.split(";"))
    return [value.strip() for name, _, value in pairs if name.strip() == COOKIE]


def identity(request: Mapping[str, Any]) -> str:
    """Whom the dials count as one viewer: an IPv4 address, or the /64 of an IPv6 one, of which one home has many.

    One text for each /64, in lower case and without leading zeros: CloudFront writes addresses in several ways.
    """
    address = str(request["clientIp"])
    if ":" not in address:
        return address
    start, _, end = address.lower().partition("::")
    first, last = start.split(":"), end.split(":")
    groups = [*first, *["0"] * (8 - len(first) - len(last)), *last]
    return ":".join([group.lstrip("0") or "0" for group in groups[:4]])


def place(request: Mapping[str, Any]) -> Place | None:
    """The viewer's edge location, as the function on viewer-request told it; None where what it told is none."""
    headers = request["headers"]
    locations, addresses = headers.get(LOCATION, ()), headers.get(ADDRESS, ())
    return _place(locations[0]["value"], addresses[0]["value"]) if len(locations) == len(addresses) == 1 else None


@lru_cache(_MAX_PLACES)
def _place(location: str, address: str) -> Place | None:
    subnet = encode_subnet(address)
    return None if subnet is None or not _is_code(location) else (location, subnet)


def _is_code(text: str) -> bool:
    letters, digits = text[:_CODE_LETTERS], text[_CODE_LETTERS:]
    return (
        text.isascii()
        and len(letters) == _CODE_LETTERS
        and letters.isalpha()
        and letters.isupper()
        and len(text) <= _MAX_CODE
        and (not digits or digits.isdigit())
    )


def _values(request: Mapping[str, Any], header: str) -> list[str]:
    return [item["value"] for item in request["headers"].get(header, ())]
