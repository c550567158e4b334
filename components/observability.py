"""What shows how the regions are doing, and tells somebody when they are not doing well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.api_tables import Table
from components.dashboards import Dashboards, DashboardsArgs
from components.metrics import Measured
from components.notifications import Notifications, NotificationsArgs
from components.propagation import Propagation
from components.region_alarms import RegionAlarms, RegionAlarmsArgs, RoutedAlarm
from components.regional_api import RegionalApi
from components.topology import Region, Topology


@dataclass(frozen=True, kw_only=True)
class Observability:
    """The topics' ARNs and the alarms are by the regions' keys."""

    topics: Mapping[str, pulumi.Output[str]]
    alarms: Mapping[str, RegionAlarms]
    dashboards: Dashboards

    @property
    def routed(self) -> dict[str, Mapping[str, RoutedAlarm]]:
        """Those alarms that Route 53 heeds, by region and kind."""
        return {key: alarms.routed for key, alarms in self.alarms.items()}


def topics(topology: Topology, account_id: pulumi.Input[str]) -> dict[str, pulumi.Output[str]]:
    """Makes what each region's alarms tell: the ARN of its topic, by the region's key."""
    return {
        region.key: Notifications(
            f"{region.key}-notifications",
            NotificationsArgs(domain=topology.domain, region=region, account_id=account_id),
        ).topic_arn
        for region in topology.regions
    }


def deploy(
    topology: Topology,
    declared: Sequence[Table],
    apis: Mapping[str, RegionalApi],
    heard: Mapping[str, Propagation],
    topics: Mapping[str, pulumi.Output[str]],
) -> Observability:
    """Makes it for every region: those that take no requests are to be well when they take them again."""
    measured = [
        _measured(topology, region, declared, apis[region.key], heard[region.key]) for region in topology.regions
    ]
    return Observability(
        topics=topics,
        alarms={
            each.key: RegionAlarms(
                f"{each.key}-alarms", RegionAlarmsArgs(topology=topology, measured=each, topic=topics[each.key])
            )
            for each in measured
        },
        dashboards=Dashboards("dashboards", DashboardsArgs(domain=topology.domain, regions=measured)),
    )


def outputs(observed: Observability) -> dict[str, Any]:
    """What the stack tells of it to those who operate it, by the regions' keys."""
    return {
        "alarms": {key: dict(alarms.names) for key, alarms in observed.alarms.items()},
        "topics": dict(observed.topics),
        "dashboards": {**observed.dashboards.names, "overview": observed.dashboards.overview},
    }


def _measured(
    topology: Topology, region: Region, declared: Sequence[Table], api: RegionalApi, heard: Propagation
) -> Measured:
    fan_out, bus = heard.fan_out, heard.bus
    replicated = topology.home is not None and not topology.strong  # DynamoDB measures no other replication
    tables = (topology.canary_table, *(topology.table_name(table.name) for table in declared))
    return Measured(
        domain=topology.domain,
        key=region.key,
        region=region.name,
        api_id=api.endpoint.api_id,
        functions=dict(api.functions) | ({"fan-out": fan_out.function_name} if fan_out else {}),
        queues=({"changes": fan_out.letters.name} if fan_out else {}) | ({"events": bus.letters.name} if bus else {}),
        tables=tables if replicated else (),
        receivers=(following.name,) if (following := topology.next_region(region.key)) else (),
    )
