"""How what happens in one region is heard of in all: each region's fan-out, and its event bus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.api_endpoint import ApiEndpoint
from components.api_source import ApiSource
from components.data import RegionalData
from components.event_bus import EventBus, EventBusArgs
from components.fan_out import FanOut, FanOutArgs
from components.packages import Package
from components.topology import Topology


@dataclass(frozen=True)
class Propagation:
    """What a region has of it; `bus_name` is None where the API takes no events."""

    resources: Sequence[pulumi.Resource]
    bus_name: pulumi.Output[str] | None


def deploy(
    topology: Topology,
    api: ApiSource,
    package: Package | None,
    endpoints: Mapping[str, ApiEndpoint],
    data: Mapping[str, RegionalData],
) -> dict[str, Propagation]:
    """Makes what the API asks for in each region. `package` is the fan-out's, None where the API publishes nothing."""
    return {key: _in_region(key, topology, api, package, endpoint, data[key]) for key, endpoint in endpoints.items()}


def _in_region(
    key: str, topology: Topology, api: ApiSource, package: Package | None, endpoint: ApiEndpoint, data: RegionalData
) -> Propagation:
    resources: list[pulumi.Resource] = []
    if package:
        streams = {table.name: data.streams[table.name] for table in api.published}
        args = FanOutArgs(endpoint=endpoint, package=package, fields=api.publish_fields, streams=streams)
        resources.append(FanOut(f"{key}-fan-out", args))
    if not api.bus_rules:
        return Propagation(resources, None)
    bus = EventBus(
        f"{key}-bus",
        EventBusArgs(endpoint=endpoint, bus_name=topology.domain, rules=api.bus_rules, after=data.tables),
    )
    return Propagation([*resources, bus], bus.bus_name)
