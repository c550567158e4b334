"""The Route 53 hosted zone of the domain."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.config_error import ConfigError, Problem
from components.topology import Topology


@dataclass(frozen=True, kw_only=True)
class HostedZoneArgs:
    """The topology says which domain, and whether its zone exists."""

    topology: Topology


class HostedZone(pulumi.ComponentResource):
    """The domain's zone: looked up, or made here when the config says `hostedZone: create`.

    A zone that is made here answers the world only once its parent zone delegates to `name_servers`; until then AWS
    cannot validate the certificate, and the deployment waits for it. Its comment names the stack that made it: that
    stack may not come to look it up instead, which would delete the zone that everything else goes on using.

    Raises:
        pulumi.RunError: the zone to look up is not there, or is one that this stack made.
    """

    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]

    def __init__(self, name: str, args: HostedZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:HostedZone", name, {}, opts)
        domain = args.topology.domain
        comment = f"Made by the Pulumi stack {pulumi.get_project()}/{pulumi.get_stack()}"
        if args.topology.creates_zone:
            zone = aws.route53.Zone(
                f"{name}-zone", name=domain, comment=comment, opts=pulumi.ResourceOptions(parent=self)
            )
            self.zone_id, self.name_servers = zone.zone_id, zone.name_servers
        else:
            found = _look_up(domain, pulumi.InvokeOptions(parent=self))
            if found.comment == comment:
                raise _refusal(f"This stack made the zone {domain}, and would delete it while its records are in use.")
            self.zone_id = pulumi.Output.from_input(found.zone_id)
            self.name_servers = pulumi.Output.from_input(found.name_servers)
        self.register_outputs({"zoneId": self.zone_id, "nameServers": self.name_servers})


def _look_up(domain: str, opts: pulumi.InvokeOptions) -> aws.route53.GetZoneResult:
    # Waited for, and not an output: an output's failure can be neither caught nor put into words.
    try:
        return aws.route53.get_zone(name=domain, private_zone=False, opts=opts)
    except Exception as error:  # noqa: BLE001 - the SDK raises nothing narrower
        reason = " ".join(str(error).rpartition(" returned an error: ")[2].split())
        raise _refusal(
            f"The account must have one public hosted zone {domain}, and the lookup failed: {reason}"
        ) from None


def _refusal(rule: str) -> pulumi.RunError:
    problem = Problem(
        "antipodes:hostedZone",
        "existing",
        rule,
        "existing, where antipodes:domain is the name of a zone made elsewhere; create, to make it with the stack",
        "antipodes:hostedZone: create",
    )
    return pulumi.RunError(str(ConfigError([problem])))
