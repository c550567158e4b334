"""What a stack deploys, for measurements that need no engine: its topology, and the router's package."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.project import HERE
from components import functions, topology
from components.packages import Package
from components.topology import Topology

DOMAIN = "example.com"
PUBLISHED = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}


def stack(regions: Mapping[str, str], **settings: Any) -> Topology:
    """The topology of `regions` (key to AWS region); `settings` are of `antipodes:`."""
    config = {"domain": DOMAIN, "data": "regional", "regions": dict(regions), **settings}
    return topology.load({"aws:region": "us-east-1", **{f"antipodes:{name}": value for name, value in config.items()}})


def router(of: Topology, *, compiled: bool) -> Package:
    """The router's package as it is where the Python that deploys is the runtime's, or where it is another."""
    minor = sys.version_info.minor if compiled else 0
    return functions.router(HERE.root, of, f"python{sys.version_info.major}.{minor}")


def lay_out(package: Package, folder: Path) -> Path:
    """Writes the package's files into `folder`, as Lambda unpacks them."""
    for name, content in package.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content.read_bytes())
    return folder
