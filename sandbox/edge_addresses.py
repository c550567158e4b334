"""The addresses of edge locations: for each city 256 of those that RFC 2544 sets apart for benchmarks."""

from functools import cache
from ipaddress import IPv4Address, IPv4Network

from geography import CITIES

_FIRST = int(IPv4Address("198.18.0.0"))
_BLOCK = 256
_PREFIX = 24


@cache
def address_of(city: str) -> str:
    """The address of the server at the city's edge location: the first host of the city's block.

    Raises:
        ValueError: the data has no such city.
    """
    return str(IPv4Address(_FIRST + _BLOCK * list(CITIES).index(city) + 1))


def city_at(address: str) -> str | None:
    """The city whose block holds the address (`198.18.3.1`) or the whole network (`198.18.3.0/24`).

    None for any other, and for a network that takes in several cities.

    Raises:
        ValueError: it is no address and no network.
    """
    network = IPv4Network(address, strict=False) if ":" not in address else None
    if network is None or network.prefixlen < _PREFIX:
        return None
    number = (int(network.network_address) - _FIRST) // _BLOCK
    return list(CITIES)[number] if 0 <= number < len(CITIES) else None
