"""Where rows live: in tables that all regions share, or in tables of each region's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.api_tables import Table
from components.global_table import GlobalTable, GlobalTableArgs
from components.regional_table import RegionalTable, RegionalTableArgs
from components.tables import CANARY
from components.topology import Topology


@dataclass(frozen=True)
class RegionalData:
    """What a region has of it; `streams` are the ARNs of its own streams, by the tables' names in the API."""

    tables: Sequence[pulumi.Resource]
    streams: Mapping[str, pulumi.Output[str]]


def deploy(topology: Topology, declared: Iterable[Table], after: Sequence[pulumi.Resource]) -> dict[str, RegionalData]:
    """Makes the tables. The result is by the region's key.

    `after`: what must have forgotten a removed region before the region loses its rows.
    """
    if topology.home is None:
        return _regional(topology, list(declared))
    tables = {
        table.name: GlobalTable(
            table.name, GlobalTableArgs(topology=topology, home=topology.home, table=table, after=after)
        )
        for table in (*declared, CANARY)
    }
    return {
        region.key: RegionalData(
            [*tables.values()], {name: table.stream_arns[region.key] for name, table in tables.items()}
        )
        for region in topology.regions
    }


def _regional(topology: Topology, declared: Sequence[Table]) -> dict[str, RegionalData]:
    """A region that is removed loses its tables last of all, when nothing leads there."""
    made = {}
    for region in topology.regions:
        tables = {
            table.name: RegionalTable(
                f"{region.key}-{table.name}", RegionalTableArgs(topology=topology, region=region, table=table)
            )
            for table in (*declared, CANARY)
        }
        made[region.key] = RegionalData([*tables.values()], {name: table.stream_arn for name, table in tables.items()})
    return made
