"""Where the names lead that health checkers ask: all to listeners on this machine."""

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.cloudfront.origins import OriginNotResolvedError, Origins
from sandbox.control_plane import ControlPlane
from sandbox.function_urls import region_of_url
from sandbox.ports import Ports

_ASKED_FROM = "us-east-1"  # whose view of DNS they have


class Whereabouts:
    """Finds the listener behind a name."""

    def __init__(self, control_plane: ControlPlane, ports: Ports) -> None:
        self._origins = Origins(control_plane, ports)
        self._ports = ports

    async def port(self, host: str) -> int | None:
        """The loopback port of the region in which `host` is a function URL or an API's domain; None for others."""
        region = region_of_url(host)
        if region is not None:
            return self._ports.regions.get(region)
        try:
            return await self._origins.port(_ASKED_FROM, host)
        except (OriginNotResolvedError, BotoCoreError, ClientError):
            return None
