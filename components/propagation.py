"""How what happens in one region is heard of in all: each region's fan-out, and its event bus."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    """What a region has of it: no fan-out where the API publishes nothing, no bus where it takes no events."""

    fan_out: FanOut | None
    bus: EventBus | None

    @property
    def resources(self) -> list[pulumi.Resource]:
        return [each for each in (self.fan_out, self.bus) if each]


def deploy(
    topology: Topology,
    api: ApiSource,
    package: Package | None,
    endpoints: Mapping[str, ApiEndpoint],
    data: Mapping[str, RegionalData],
    topics: Mapping[str, pulumi.Input[str]],
) -> dict[str, Propagation]:
    """Makes what the API asks for in each region.

    `package` is the fan-out's, None where the API publishes nothing; `topics` are told of what nobody could be told of.
    """
    return {
        key: _in_region(topology, api, package, endpoint, data[key], topics[key]) for key, endpoint in endpoints.items()
    }


def _in_region(
    topology: Topology,
    api: ApiSource,
    package: Package | None,
    endpoint: ApiEndpoint,
    data: RegionalData,
    topic: pulumi.Input[str],
) -> Propagation:
    key = endpoint.region.key
    fan_out = bus = None
    if package:
        streams = {table.name: data.streams[table.name] for table in api.published}
        fan_out = FanOut(
            f"{key}-fan-out",
            FanOutArgs(
                domain=topology.domain,
                endpoint=endpoint,
                package=package,
                fields=api.publish_fields,
                streams=streams,
                topic=topic,
            ),
        )
    if api.bus_rules:
        bus = EventBus(
            f"{key}-bus",
            EventBusArgs(
                endpoint=endpoint, bus_name=topology.domain, rules=api.bus_rules, after=data.tables, topic=topic
            ),
        )
    return Propagation(fan_out, bus)


def outputs(regions: Mapping[str, Propagation]) -> dict[str, Any]:
    """What the stack tells of it to those who operate it, by the regions' keys; nothing of what there is not."""
    fan_outs = {
        key: {"function": region.fan_out.function_name, "deadLetters": region.fan_out.dead_letters}
        for key, region in regions.items()
        if region.fan_out
    }
    buses = {key: region.bus.bus_name for key, region in regions.items() if region.bus}
    return {name: told for name, told in {"fanOut": fan_outs, "eventBuses": buses}.items() if told}
