"""CloudFront's edge network: an edge location for each city, each on a port of its own."""

import asyncio

from geography import CITIES, edge_cache_of
from sandbox.certificates import CertificateAuthority
from sandbox.cloudfront.catalogue import Catalogue
from sandbox.cloudfront.connections import Connections
from sandbox.cloudfront.edge_location import Backbone, EdgeLocation
from sandbox.cloudfront.origins import Origins
from sandbox.cloudfront.viewer_functions import ViewerFunctions
from sandbox.control_plane import ControlPlane
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import Ports
from sandbox.tls_listener import TlsListener


class EdgeNetwork:
    """Edge locations for `cities`; each one's router runs in the regional edge cache nearest to it."""

    def __init__(
        self,
        control_plane: ControlPlane,
        runtime: LambdaRuntime,
        ports: Ports,
        authority: CertificateAuthority,
        cities: list[str],
    ) -> None:
        origins = Origins(control_plane, ports)
        self._connections = {region: Connections(origins, authority, region) for region in ports.dns}
        self._backbone = Backbone(
            Catalogue(control_plane),
            ViewerFunctions(control_plane),
            origins,
            runtime,
            authority,
            ports,
            self._connections,
        )
        self._cities = cities
        self.listeners: dict[str, TlsListener] = {}  # by city

    async def start(self) -> None:
        for city in self._cities:
            location = EdgeLocation(self._backbone, city, edge_cache_of(CITIES[city]))
            listener = TlsListener(self._backbone.ports.edges[city], location.context_for, location.handle)
            await listener.start()
            self.listeners[city] = listener

    async def stop(self) -> None:
        await asyncio.gather(*(listener.stop() for listener in self.listeners.values()))
        await asyncio.gather(*(connections.close() for connections in self._connections.values()))
