"""Requests from an executing region to origins, over connections that are kept."""

import asyncio
import errno
import socket
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from multidict import CIMultiDict
from yarl import URL

from sandbox.certificates import CertificateAuthority
from sandbox.cloudfront.event import plain_headers
from sandbox.cloudfront.origins import OriginNotResolvedError, Origins
from sandbox.ports import LOOPBACK

_HTTPS = 443
_OWN_HEADERS = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class OriginError(Exception):
    """The origin gave no answer; `status` is what the viewer gets for it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _NobodyError(OSError):
    """No host of the sandbox is at the address."""


class Connections:
    """The connections of one executing region."""

    def __init__(self, origins: Origins, authority: CertificateAuthority, executing_region: str) -> None:
        self._resolver = _Resolver(origins, executing_region)
        self._tls = authority.client_context()
        self._sessions: dict[int, aiohttp.ClientSession] = {}

    async def send(
        self,
        request: dict[str, Any],
        body: asyncio.StreamReader | aiohttp.StreamReader | None,
        *,
        attempts: int,
        seconds: int,
    ) -> aiohttp.ClientResponse:
        """The origin's answer to an event's request, its body not read yet.

        Args:
            request: as in a Lambda@Edge event.
            body: of the request, sent on as it comes in.
            attempts: how often a connection is tried.
            seconds: how long each try may take, once it is known where the origin's name leads.

        Raises:
            OriginError: no connection, or no answer in time.
        """
        origin = request["origin"]["custom"]
        if origin["protocol"] == "https" and "TLSv1.2" not in origin["sslProtocols"]:
            raise OriginError(502, f"{origin['domainName']} does not speak {' or '.join(origin['sslProtocols'])}")
        query = f"?{request['querystring']}" if request["querystring"] else ""
        address = f"{origin['protocol']}://{origin['domainName']}:{origin['port']}"
        url = URL(f"{address}{origin['path']}{request['uri']}{query}", encoded=True)
        headers = CIMultiDict(plain_headers(request["headers"]))
        for name, value in plain_headers(origin["customHeaders"]):
            headers[name] = value
        headers.pop("Transfer-Encoding", None)  # the client sets its own for a body without a length
        for left in reversed(range(attempts)):
            try:
                return await self._session(origin["keepaliveTimeout"]).request(
                    request["method"],
                    url,
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(sock_connect=seconds, sock_read=origin["readTimeout"]),
                )
            except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
                if isinstance(error.__cause__, _NobodyError):  # nobody answers, so that the time runs out
                    await asyncio.sleep(seconds)
                if not left:
                    raise _as_origin_error(error, origin["domainName"]) from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise _as_origin_error(error, origin["domainName"]) from error
        raise AssertionError("a distribution makes at least one connection attempt")

    async def close(self) -> None:
        await asyncio.gather(*(session.close() for session in self._sessions.values()))

    def _session(self, keepalive: int) -> aiohttp.ClientSession:
        session = self._sessions.get(keepalive)
        if session is None:
            session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,
                    resolver=self._resolver,
                    use_dns_cache=False,
                    ssl=self._tls,
                    keepalive_timeout=keepalive,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_OWN_HEADERS,
            )
            self._sessions[keepalive] = session
        return session


class _Resolver(AbstractResolver):
    """Leads an origin's name to its listener on loopback."""

    def __init__(self, origins: Origins, executing_region: str) -> None:
        self._origins = origins
        self._executing_region = executing_region

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            listener = await self._origins.port(self._executing_region, host)
        except OriginNotResolvedError as error:
            raise OSError(str(error)) from error
        if listener is None:
            raise _NobodyError(errno.ETIMEDOUT, f"nobody answers at the address of {host}")
        if port != _HTTPS:
            raise ConnectionRefusedError(errno.ECONNREFUSED, f"{host} has no listener on port {port}")
        return [ResolveResult(hostname=host, host=LOOPBACK, port=listener or 0, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


def _as_origin_error(error: Exception, name: str) -> OriginError:
    match error:
        case aiohttp.ClientConnectorError(os_error=_NobodyError()) | aiohttp.ConnectionTimeoutError():
            return OriginError(504, f"no connection to {name}: the time for the attempts ran out")
        case TimeoutError():
            return OriginError(504, f"{name} gave no answer in time")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return OriginError(502, f"no TLS connection to {name}: {error}")
        case aiohttp.ClientConnectorError():
            return OriginError(502, f"no connection to {name}: {error.os_error}")
    return OriginError(502, f"{name} ended the connection: {error!r}")
