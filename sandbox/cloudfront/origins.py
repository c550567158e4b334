"""Where an origin's name leads, as the DNS of an executing region has it."""

import dns.exception
import dns.resolver

from sandbox.control_plane import ControlPlane
from sandbox.ports import LOOPBACK, Ports

_LOOKUP_SECONDS = 3.0


class OriginNotResolvedError(Exception):
    """The origin's name has no address."""


class Origins:
    """Finds the listener behind an origin's name.

    Of all that a name may lead to, the sandbox has AppSync's domains alone: nothing is ever fetched from the
    network.
    """

    def __init__(self, control_plane: ControlPlane, ports: Ports) -> None:
        self._control_plane = control_plane
        self._ports = ports
        self._last_seen: dict[str, str] = {}

    async def resolve(self, executing_region: str, name: str) -> str:
        """The name at the end of the CNAME chain from `name`, for which the DNS has an address.

        Raises:
            OriginNotResolvedError: there is none.
        """
        try:
            return await self._control_plane.read(
                "route53", ("origin", executing_region, name), lambda: self._look_up(executing_region, name)
            )
        except dns.exception.DNSException as error:
            raise OriginNotResolvedError(f"{name} does not resolve in {executing_region}: {error}") from error

    async def port(self, executing_region: str, name: str) -> int | None:
        """The loopback port of the region whose AppSync domain `name` leads to; None if it leads elsewhere.

        Raises:
            OriginNotResolvedError: the name has no address.
        """
        target = await self.resolve(executing_region, name)
        region = await self._region_of(target)
        return None if region is None else self._ports.regions[region]

    def _look_up(self, executing_region: str, name: str) -> str:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [LOOPBACK]
        resolver.port = self._ports.dns[executing_region]
        answer = resolver.resolve(f"{name.rstrip('.')}.", "A", lifetime=_LOOKUP_SECONDS)
        return answer.canonical_name.to_text(omit_final_dot=True).lower()

    async def _region_of(self, target: str) -> str | None:
        # Asking each region is slow, so the one where the target was last seen is asked first.
        last = self._last_seen.get(target)
        regions = list(self._ports.regions)
        for region in [last, *regions] if last else regions:
            if target in await self._targets(region):
                self._last_seen[target] = region
                return region
        return None

    async def _targets(self, region: str) -> set[str]:
        """The names by which CloudFront serves the AppSync domains of `region`."""

        def load() -> set[str]:
            names = self._control_plane.clients("appsync", region).list_domain_names()["domainNameConfigs"]
            return {item["appsyncDomainName"].lower() for item in names}

        return await self._control_plane.read("appsync", ("targets", region), load)
