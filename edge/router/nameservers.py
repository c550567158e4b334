"""Which name servers to ask: those of /etc/resolv.conf, as every program in a Lambda sandbox does."""

import os

# What the module socket wraps, and takes ten times as long to import for: a good part of a cold start.
from _socket import AF_INET, AF_INET6, inet_pton

_RESOLV_CONF = "/etc/resolv.conf"
_PORT = 53
_MAX_SERVERS = 3
_OVERRIDE = "ANTIPODES_RESOLVER"  # address:port; never set on AWS: Lambda@Edge has no environment variables


def configured() -> list[tuple[str, int]]:
    """Address and port of each name server, the one to ask first in front."""
    override = os.environ.get(_OVERRIDE)
    if override:
        address, _, port = override.rpartition(":")
        return [(address.strip("[]"), int(port))]
    try:
        with open(_RESOLV_CONF, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - pathlib is slow to import
            return parse(file.read())
    except OSError:
        return parse("")


def parse(resolv_conf: str) -> list[tuple[str, int]]:
    """The name servers of a resolv.conf: the first three; without any it means this machine's own (resolv.conf(5)).

    Its search list and options do not apply: the record's name is complete, and the time to wait is a viewer's.
    """
    lines = (line.split() for line in resolv_conf.splitlines())
    named = (words[1] for words in lines if words[:1] == ["nameserver"] and len(words) > 1)
    servers = [(address, _PORT) for address in named if _is_address(address)]
    return servers[:_MAX_SERVERS] or [("127.0.0.1", _PORT)]


def _is_address(text: str) -> bool:
    """Whether it is an IP address: anything else would be looked up, and nothing bounds how long that takes."""
    address, *zone = text.split("%")
    try:
        inet_pton(AF_INET6 if zone or ":" in address else AF_INET, address)
    except (OSError, ValueError):  # ValueError: an address with a null character
        return False
    return True
