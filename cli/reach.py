"""The way to a stack's hosts: by public DNS, or on `local` to the listeners of the sandbox."""

import ssl
from collections.abc import Mapping
from typing import Any

import dns.resolver

from cli.errors import CommandError
from cli.outputs import host as global_host
from cli.project import Project
from geography import city_of_region
from ops import reach, views
from ops.reach import Address, Reach
from sandbox import edge_addresses
from sandbox.folder import Daemon
from sandbox.ports import LOOPBACK

_FUNCTION_URL = ".on.aws"


def to(project: Project, daemon: Daemon | None, outputs: Mapping[str, Any]) -> Reach:
    """The way to the hosts of the stack with these outputs; `daemon` is None for one on AWS.

    In the sandbox the global endpoint is that of its first city, and DNS answers here as in that city's edge cache.
    """
    if daemon is None:
        return reach.on_aws(outputs["domain"])
    ports, city = daemon.ports, daemon.cities[0]
    listeners = {outputs["hosts"][key]: ports.regions[region] for key, region in outputs["regions"].items()}
    listeners[global_host(outputs)] = ports.edges[city]

    def address(host: str) -> Address:
        if host.endswith(_FUNCTION_URL):
            return LOOPBACK, ports.regions[host.split(".")[-3]]
        if host not in listeners:
            raise CommandError(f"the sandbox has no listener for {host}; it has {', '.join(sorted(listeners))}.")
        return LOOPBACK, listeners[host]

    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [LOOPBACK]
    resolver.port = next(iter(ports.dns.values()))

    def resolver_in(region: str) -> dns.resolver.Resolver:
        return views.at(edge_addresses.address_of(city_of_region(region).name), [LOOPBACK], resolver.port)

    tls = ssl.create_default_context(cafile=str(project.sandbox / daemon.ca))
    return Reach(address, tls, resolver, resolver_in)
