"""Route 53 of the embedded AWS, as the resolver of each regional edge cache sees it."""

from sandbox.dns.servers import DnsServers

__all__ = ["DnsServers"]
