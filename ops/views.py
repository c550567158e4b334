"""What a stack's DNS answers in different parts of the world, asked from one."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import dns.exception
import dns.resolver
from dns.edns import ECSOption

ResolverIn = Callable[[str], dns.resolver.Resolver]
"""Who answers as they do who ask in this AWS region."""

_BITS = 24  # of a client's address that are told (RFC 7871, section 11.1)
_PAYLOAD = 1232
_SECONDS = 3.0  # for an answer


def at(client: str, nameservers: list[str], port: int = 53) -> dns.resolver.Resolver:
    """Asks the name servers of a zone for somebody at the address `client`.

    Route 53 goes by the address that the question tells ("How Amazon Route 53 uses EDNS0 to estimate the location of a
    user", Amazon Route 53 Developer Guide).
    """
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = list(nameservers)
    resolver.port = port
    resolver.flags = 0  # a recursive resolver would go by its own place
    resolver.use_edns(0, 0, _PAYLOAD, options=[ECSOption(client, _BITS)])
    return resolver


def on_aws(domain: str, here: dns.resolver.Resolver) -> ResolverIn:
    """The ways to ask the name servers of the zone `domain`; whose address a region has, its DynamoDB endpoint tells.

    What that returns raises `dns.exception.DNSException` where `here` does not find these.
    """

    def resolver_in(region: str) -> dns.resolver.Resolver:
        client = here.resolve(f"dynamodb.{region}.amazonaws.com", "A", lifetime=_SECONDS)[0]
        names = [str(server.target) for server in here.resolve(domain, "NS", lifetime=_SECONDS)]
        addresses = [address.to_text() for name in names for address in here.resolve(name, "A", lifetime=_SECONDS)]
        return at(client.to_text(), addresses)

    return resolver_in


def named(record: str, regions: Mapping[str, str], resolver_in: ResolverIn) -> dict[str, str | None]:
    """Region key -> the key that `record`, the latency record, names to those who ask in that region.

    A region is not in it where nobody answered; None is an answer, too: that there is no such record.
    """

    def ask(region: str) -> tuple[str | None] | None:
        try:
            answer = resolver_in(region).resolve(record, "CNAME", lifetime=_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return (None,)
        except dns.exception.DNSException:
            return None
        return (str(answer[0].target).rstrip(".").lower(),)

    with ThreadPoolExecutor(max_workers=len(regions)) as pool:
        answers = dict(zip(regions, pool.map(ask, regions.values()), strict=True))
    return {key: answer[0] for key, answer in answers.items() if answer is not None}
