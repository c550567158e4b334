"""How it is known whether a region works: each region tells, and Route 53 and operators ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.api_endpoint import ApiEndpoint
from components.api_source import ApiSource
from components.functions import Code
from components.health_checks import HealthChecks, HealthChecksArgs
from components.propagation import Propagation
from components.region_alarms import RoutedAlarm
from components.regional_health import RegionalHealth, RegionalHealthArgs
from components.topology import Topology


@dataclass(frozen=True)
class Health:
    """What a region has of it: no `checks` where nobody asks DNS, and so nobody would heed them."""

    endpoint: RegionalHealth
    checks: HealthChecks | None


def deploy(
    topology: Topology,
    api: ApiSource,
    code: Code,
    endpoints: Mapping[str, ApiEndpoint],
    heard: Mapping[str, Propagation],
    alarms: Mapping[str, Mapping[str, RoutedAlarm]],
) -> dict[str, Health]:
    """Makes it for each region, those that take no requests included: they are asked before they take them again.

    `alarms` has, by the region's key, those of its alarms that Route 53 heeds, by kind.
    """
    made = {
        key: RegionalHealth(
            f"{key}-health",
            RegionalHealthArgs(
                topology=topology,
                endpoint=endpoint,
                tables=api.tables,
                package=code.health,
                fan_out=fan_out.function_name if (fan_out := heard[key].fan_out) else None,
                version=code.version,
            ),
        )
        for key, endpoint in endpoints.items()
    }
    if topology.failover is None:
        return {key: Health(endpoint, None) for key, endpoint in made.items()}
    return {
        region.key: Health(
            made[region.key],
            HealthChecks(
                f"{region.key}-checks",
                HealthChecksArgs(
                    domain=topology.domain,
                    region=region,
                    failover=topology.failover,
                    host=made[region.key].host,
                    drain_hosts={holder.key: made[holder.key].host for holder in topology.drain_holders(region.key)},
                    alarms=alarms.get(region.key, {}),
                ),
            ),
        )
        for region in topology.regions
    }


def combined(regions: Mapping[str, Health]) -> dict[str, pulumi.Output[str]]:
    """The ids of the checks by which Route 53 names the regions, by their keys."""
    return {key: region.checks.combined for key, region in regions.items() if region.checks}


def outputs(regions: Mapping[str, Health]) -> dict[str, Any]:
    """What the stack tells of it to those who operate it, by the regions' keys."""
    checks = {
        key: {
            "combined": region.checks.combined,
            "endpoint": region.checks.endpoint,
            "drain": dict(region.checks.drain),
            "alarms": dict(region.checks.alarms),
        }
        for key, region in regions.items()
        if region.checks
    }
    urls = {key: region.endpoint.url for key, region in regions.items()}
    return {"health": urls, **({"healthChecks": checks} if checks else {})}
