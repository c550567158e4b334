"""How operations reach the hosts of a stack by name: on AWS by DNS, in the sandbox on this machine."""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import dns.resolver
import urllib3

from ops import views

_SECONDS = 10.0  # of patience with one answer

Address = tuple[str, int]


class UnreachableError(Exception):
    """Nobody answered over HTTPS.

    Attributes:
        why: what went wrong, without the host.
    """

    def __init__(self, host: str, why: str) -> None:
        super().__init__(f"{host}: {why}")
        self.why = why


@dataclass(frozen=True)
class Answer:
    """What a host answered over HTTPS."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's document; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Reach:
    """The way to hosts: where each name is found, whose certificates are believed, and who answers DNS questions,
    here and as in any AWS region.

    Certificates are checked against the host's name wherever it is found.
    """

    address: Callable[[str], Address]
    tls: ssl.SSLContext
    resolver: dns.resolver.Resolver
    resolver_in: views.ResolverIn

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = _SECONDS,
    ) -> Answer:
        """The answer to one request, which is not tried again; redirects are not followed.

        Raises:
            UnreachableError: there was none within `seconds`.
        """
        parts = urlsplit(url)
        host = str(parts.hostname)
        address, port = self.address(host)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        with urllib3.HTTPSConnectionPool(
            address,
            port,
            ssl_context=self.tls,
            server_hostname=host,
            assert_hostname=host,
            timeout=urllib3.Timeout(total=seconds),
            retries=False,
        ) as pool:
            try:
                answer = pool.request(
                    method, path, body=body, headers={"Host": host, **(headers or {})}, redirect=False
                )
            except urllib3.exceptions.HTTPError as error:
                raise UnreachableError(host, _why(error, seconds)) from error
        return Answer(answer.status, answer.headers, answer.data)


def on_aws(domain: str) -> Reach:
    """The way that everyone has to a stack whose hosted zone is `domain`."""
    here = dns.resolver.Resolver()
    return Reach(lambda host: (host, 443), ssl.create_default_context(), here, views.on_aws(domain, here))


def _why(error: urllib3.exceptions.HTTPError, seconds: float) -> str:
    """In a few words: urllib3's own name its objects."""
    match error:
        case urllib3.exceptions.NewConnectionError():
            return "no connection"
        case urllib3.exceptions.TimeoutError():
            return f"no answer within {seconds:g} s"
        case urllib3.exceptions.ProtocolError() | urllib3.exceptions.SSLError(args=(ssl.SSLEOFError(), *_)):
            return "the connection ended without an answer"
        case _:
            return str(error)
