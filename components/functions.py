"""The packages of the project's functions: which folder's files each one holds."""

import json
from pathlib import Path

from components.api_source import ApiSource
from components.packages import Package, edge_package, python_files, regional_package
from components.regional_api import RegionalPackages
from components.topology import Topology


def router(root: Path, topology: Topology) -> Package:
    """The router with its table baked in, because Lambda@Edge has no environment.

    Raises:
        PackageError: it is larger than Lambda@Edge takes.
    """
    routes = json.dumps(topology.routes, sort_keys=True, separators=(",", ":"))
    return edge_package(root / "edge" / "router", {"routes.json": routes})


def regional(root: Path, api: ApiSource) -> RegionalPackages:
    """The packages that every region runs.

    Raises:
        PackageError: one is larger than Lambda takes, or holds two files of one name.
    """
    region = root / "region"
    return RegionalPackages(
        authorizer=regional_package("authorizer", python_files(region / "authorizer", "authorizer/")),
        resolvers=regional_package(
            "resolvers",
            {**python_files(region / "resolvers", "resolvers/"), "resolvers/table.json": api.resolver_table},
            api.files,
            api.dependencies,
        ),
    )
