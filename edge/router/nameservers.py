"""Which name servers to ask: those of /etc/resolv.conf, as every program in a Lambda sandbox does."""

import os
from pathlib import Path

_RESOLV_CONF = Path("/etc/resolv.conf")
_PORT = 53
_OVERRIDE = "ANTIPODES_RESOLVER"  # address:port; never set on AWS: Lambda@Edge has no environment variables


def configured() -> list[tuple[str, int]]:
    """Address and port of each name server, the one to ask first in front."""
    override = os.environ.get(_OVERRIDE)
    if override:
        address, _, port = override.rpartition(":")
        return [(address.strip("[]"), int(port))]
    try:
        return parse(_RESOLV_CONF.read_text(encoding="ascii", errors="replace"))
    except OSError:
        return parse("")


def parse(resolv_conf: str) -> list[tuple[str, int]]:
    """The name servers of a resolv.conf; without any it means this machine's own (resolv.conf(5))."""
    lines = (line.split() for line in resolv_conf.splitlines())
    servers = [(words[1], _PORT) for words in lines if words[:1] == ["nameserver"] and len(words) > 1]
    return servers or [("127.0.0.1", _PORT)]
