"""The Route 53 hosted zone of the domain."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.topology import Topology


@dataclass(frozen=True, kw_only=True)
class HostedZoneArgs:
    """The topology says which domain, and whether its zone exists."""

    topology: Topology


class HostedZone(pulumi.ComponentResource):
    """The domain's zone: looked up, or made here when the config says `hostedZone: create`.

    A zone that is made here answers the world only once its parent zone delegates to `name_servers`; until then AWS
    cannot validate the certificate, and the deployment waits for it.
    """

    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]

    def __init__(self, name: str, args: HostedZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:HostedZone", name, {}, opts)
        domain = args.topology.domain
        if args.topology.creates_zone:
            zone = aws.route53.Zone(f"{name}-zone", name=domain, opts=pulumi.ResourceOptions(parent=self))
            self.zone_id, self.name_servers = zone.zone_id, zone.name_servers
        else:
            found = aws.route53.get_zone_output(
                name=domain, private_zone=False, opts=pulumi.InvokeOutputOptions(parent=self)
            )
            self.zone_id, self.name_servers = found.zone_id, found.name_servers
        self.register_outputs({"zoneId": self.zone_id, "nameServers": self.name_servers})
