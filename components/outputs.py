"""What a stack tells of itself to those who operate it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components import health, propagation
from components.api_source import ApiSource
from components.api_token import ApiToken
from components.functions import Code
from components.global_edge import GlobalEdge
from components.health import Health
from components.propagation import Propagation
from components.regional_api import RegionalApi
from components.topology import Topology


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """All of it; what is there once a region is by the regions' keys."""

    topology: Topology
    api: ApiSource
    code: Code
    zone_id: pulumi.Input[str]
    token: ApiToken
    edge: GlobalEdge
    apis: Mapping[str, RegionalApi]
    heard: Mapping[str, Propagation]
    watched: Mapping[str, Health]


def told(deployed: Deployed) -> dict[str, Any]:
    """The stack's outputs, by their names."""
    topology, apis = deployed.topology, deployed.apis
    functions = {
        key: {**api.functions, "health": deployed.watched[key].endpoint.function_name} for key, api in apis.items()
    }
    return {
        **topology.outputs,
        **deployed.api.outputs(topology.table_name),
        **propagation.outputs(deployed.heard),
        **health.outputs(deployed.watched),
        **deployed.edge.outputs,
        "version": deployed.code.version,
        "zoneId": deployed.zone_id,
        "apis": {key: {"id": api.endpoint.api_id, "url": api.endpoint.graphql_url} for key, api in apis.items()},
        "functions": functions,
        "token": deployed.token.token,
    }
