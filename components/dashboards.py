"""CloudWatch's pages on the stack: one for each region, and one for all of them beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import dashboard_body
from components.metrics import Measured
from components.topology import GLOBAL_REGION


@dataclass(frozen=True, kw_only=True)
class DashboardsArgs:
    """`regions` in the order of the config."""

    domain: str
    regions: Sequence[Measured]


class Dashboards(pulumi.ComponentResource):
    """Dashboards are the account's, wherever they were made: their names hold the domain, which a stack has alone."""

    names: Mapping[str, pulumi.Output[str]]
    """By the region's key."""
    overview: pulumi.Output[str]

    def __init__(self, name: str, args: DashboardsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:Dashboards", name, {}, opts)
        self._child_opts = pulumi.ResourceOptions(parent=self)
        slug = args.domain.replace(".", "-")  # a dot may not be in a dashboard's name
        self.names = {
            region.key: self._dashboard(f"{name}-{region.key}", f"{slug}-{region.key}", dashboard_body.region(region))
            for region in args.regions
        }
        self.overview = self._dashboard(f"{name}-overview", slug, dashboard_body.overview(args.regions))
        self.register_outputs({"names": dict(self.names), "overview": self.overview})

    def _dashboard(self, resource: str, name: str, body: Mapping[str, Any]) -> pulumi.Output[str]:
        made = aws.cloudwatch.Dashboard(
            resource,
            dashboard_name=name,
            dashboard_body=pulumi.Output.json_dumps(body, sort_keys=True),
            region=GLOBAL_REGION,
            opts=self._child_opts,
        )
        return made.dashboard_name
