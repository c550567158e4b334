"""The code that is deployed: which folder's files each function holds, and what is baked into it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from components import edge_scripts
from components.api_source import ApiSource
from components.global_edge import EdgeCode
from components.packages import Package, edge_package, python_files, regional_package
from components.regional_api import RegionalPackages
from components.regional_function import RUNTIME
from components.topology import Topology
from components.version import digest


@dataclass(frozen=True)
class Code:
    """All of it; `version` is the digest of what a region runs: schema, resolvers and functions."""

    edge: EdgeCode
    regional: RegionalPackages
    fan_out: Package | None
    """None where the API publishes nothing."""
    health: Package
    version: str


def read(root: Path, topology: Topology, api: ApiSource) -> Code:
    """The code of the project in `root`, for this topology and this API.

    Raises:
        PackageError: some of it is larger than CloudFront or Lambda takes, or holds two files of one name.
    """
    packages = regional(root, api)
    publishing = fan_out(root, topology, api) if api.published else None
    probing = health(root, api)
    in_regions = (packages.authorizer, packages.resolvers, publishing, probing)
    return Code(
        edge=edge(root, topology),
        regional=packages,
        fan_out=publishing,
        health=probing,
        version=digest(
            [api.schema, packages.invoke.template, packages.publish], [package for package in in_regions if package]
        ),
    )


def edge(root: Path, topology: Topology) -> EdgeCode:
    """What runs at the edge, tables baked in, because nothing there has an environment.

    Raises:
        PackageError: something is larger than CloudFront or Lambda@Edge takes.
    """
    if topology.router == "function":
        return EdgeCode(router=None, script=edge_scripts.router(root, topology))
    return EdgeCode(
        router=router(root, topology), script=edge_scripts.place(root) if topology.routing == "location" else None
    )


def router(root: Path, topology: Topology, runtime: str = RUNTIME) -> Package:
    """The router with its table baked in, because Lambda@Edge has no environment; compiled for `runtime` if it can be.

    Raises:
        PackageError: it is larger than Lambda@Edge takes.
    """
    routes = json.dumps(topology.routes, sort_keys=True, separators=(",", ":"))
    return edge_package(root / "edge" / "router", {"routes.json": routes}, runtime, root / ".build")


def regional(root: Path, api: ApiSource) -> RegionalPackages:
    """What every region runs, whatever the API.

    Raises:
        PackageError: one is larger than Lambda takes, or holds two files of one name.
    """
    region = root / "region"
    return RegionalPackages(
        # As texts, because the engine's state keeps those: a policy can read how a token is checked.
        authorizer=regional_package("authorizer", _texts(python_files(region / "authorizer", "authorizer/"))),
        resolvers=regional_package(
            "resolvers",
            {**python_files(region / "resolvers", "resolvers/"), "resolvers/table.json": api.resolver_table},
            api.files,
            api.dependencies,
        ),
        invoke=Template((region / "invocations" / "resolver.js").read_text(encoding="utf-8")),
        publish=(region / "publications" / "resolver.js").read_text(encoding="utf-8"),
        subscribe=(region / "subscribers" / "subscribe.js").read_text(encoding="utf-8"),
        move=(region / "subscribers" / "move.js").read_text(encoding="utf-8"),
    )


def health(root: Path, api: ApiSource) -> Package:
    """The function that tells whether its region works, with the query that it asks of the API baked in.

    Raises:
        PackageError: it is larger than Lambda takes.
    """
    files = python_files(root / "region" / "health", "health/")
    return regional_package("health", {**files, "health/query.graphql": api.health_query})


def fan_out(root: Path, topology: Topology, api: ApiSource) -> Package:
    """The function that publishes changes, with the mutation of each table's changes baked in.

    Raises:
        PackageError: it is larger than Lambda takes.
    """
    publications = {
        topology.table_name(table.name): {
            change: {"field": field, "document": api.publications[field]} for change, field in table.publish.items()
        }
        for table in api.published
    }
    files = python_files(root / "region" / "fan_out", "fan_out/")
    return regional_package("fan_out", {**files, "fan_out/publications.json": json.dumps(publications, sort_keys=True)})


def _texts(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: path.read_text(encoding="utf-8") for name, path in files.items()}
