"""The regions of a stack as they look from outside: health endpoints over TLS, Route 53's checkers, and its answers.

All three go by the drain items that lie in the embedded AWS, and by what a test says of each region's health.
"""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import dns.resolver
import pytest
import trustme
from botocore.exceptions import EndpointConnectionError
from dns.rcode import Rcode

from ops import views
from ops.deployment import Deployment
from ops.pace import Pace
from ops.reach import Address, Reach
from sandbox.ports import LOOPBACK
from tests.ops.conftest import without
from tests.ops.name_server import RECORD, name_server

OK = {"tables": "ok", "canary": "ok", "api": "ok", "stream": "unknown"}
_NETWORK = "198.18.{}.0"


@dataclass
class World:
    """What is so out there, for a test to change.

    Attributes:
        stack: the stack, as AWS has it.
        failed: region key -> its failed parts.
        down: the keys of regions of which nothing answers.
        deaf: the keys of regions whose name servers do not answer those who are there.
        stuck: whether Route 53 names each region where it always did, whatever is so.
        unreported: how often Route 53's API is yet to say that no checker has had a result.
    """

    stack: Deployment
    failed: dict[str, str] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    deaf: set[str] = field(default_factory=set)
    stuck: bool = False
    unreported: int = 0

    def drained(self, key: str, holder: str) -> bool:
        table = self.stack.clients("dynamodb", self.stack.regions[holder])
        answer = table.get_item(
            TableName=self.stack.outputs["canaryTable"], Key={"id": {"S": f"drain/{key}"}}, ConsistentRead=True
        )
        return bool(answer.get("Item", {}).get("drained", {}).get("BOOL"))

    def switches(self, key: str) -> dict[str, bool]:
        """Holder -> whether it says that `key` is drained."""
        return {holder: self.drained(key, holder) for holder in self.stack.regions if holder != key}

    def is_in_rotation(self, key: str) -> bool:
        holders = self.stack.outputs["healthChecks"][key]["drain"]
        is_drained = any(self.drained(key, holder) for holder in holders if holder not in self.down)
        return key not in self.failed and key not in self.down and not is_drained

    def named(self, network: str) -> str | Rcode | None:
        """What DNS answers to those in this network; the order of the regions is the order of nearness."""
        keys = list(self.stack.regions)
        here = keys[int(network.split(".")[2])]
        if here in self.deaf:
            return Rcode.SERVFAIL
        if self.stuck:
            return here
        near = sorted(keys, key=lambda key: key != here)
        return next((key for key in near if self.is_in_rotation(key)), here)


@dataclass(frozen=True)
class Route53:
    """Route 53's API, to the extent that it tells what the checkers of a drain check got."""

    world: World

    def get_health_check_status(self, *, HealthCheckId: str) -> Mapping[str, Any]:  # noqa: N803 - as boto3 has it
        if self.world.unreported:
            self.world.unreported -= 1
            return {"HealthCheckObservations": []}
        key, holder = HealthCheckId.split("-at-")
        code = "200, OK" if self.world.drained(key, holder) else "404, Not Found"
        report = {"StatusReport": {"Status": f"Success: HTTP Status Code {code}"}}
        return {"HealthCheckObservations": [report] * 15}


@dataclass(frozen=True)
class Aws:
    """The clients of a stack, and Route 53's API for its checks."""

    stack: Deployment
    route53: Route53

    def __call__(self, service: str, region: str) -> Any:
        return self.route53 if service == "route53" else self.stack.clients(service, region)


def without_route53(deployment: Deployment) -> Deployment:
    class Silent:
        def get_health_check_status(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://route53.amazonaws.com")

    def clients(service: str, region: str) -> Any:
        return Silent() if service == "route53" else deployment.clients(service, region)

    return replace(deployment, clients=clients)


def part_down(world: World, deployment: Deployment, key: str) -> Deployment:
    """The stack when nothing in the region `key` answers, its AWS API included."""
    world.down.add(key)
    return without(deployment, world.stack.regions[key])


@contextmanager
def served(deployed: Deployment) -> Iterator[tuple[World, Deployment]]:
    """The world around the stack, and the stack with the ways into it."""
    outputs = dict(deployed.outputs)
    keys = list(outputs["regions"])
    hosts = {f"{key}.lambda-url.{region}.on.aws": key for key, region in outputs["regions"].items()}
    holders = {key: [other for other in keys if other != key][:2] for key in keys}
    outputs |= {
        "domain": RECORD.partition(".")[2],
        "latencyRecord": RECORD,
        "router": "lambda",
        "routing": "region",
        "drained": [],
        "dials": {},
        "health": {key: f"https://{host}/" for host, key in hosts.items()},
        "healthChecks": {key: {"drain": {holder: f"{key}-at-{holder}" for holder in holders[key]}} for key in keys},
        "failover": {"mode": "default", "interval": 10, "threshold": 3, "ttl": 60, "seconds": 100},
        "version": "v1",
    }
    world = World(replace(deployed, outputs=outputs))
    authority = trustme.CA()
    with _endpoints(world, hosts, authority) as port, name_server(world.named) as dns_port:

        def address(host: str) -> Address:
            return LOOPBACK, 1 if hosts[host] in world.down else port

        def resolver_in(region: str) -> dns.resolver.Resolver:
            place = list(outputs["regions"].values()).index(region)
            return views.at(_NETWORK.format(place), [LOOPBACK], dns_port)

        tls = ssl.create_default_context()
        authority.configure_trust(tls)
        reach = Reach(address, tls, dns.resolver.Resolver(configure=False), resolver_in)
        clients = Aws(world.stack, Route53(world))
        yield world, replace(world.stack, reach=reach, pace=Pace(1000), clients=clients)


@pytest.fixture
def world(deployment: Deployment) -> Iterator[tuple[World, Deployment]]:
    with served(deployment) as made:
        yield made


@contextmanager
def _endpoints(world: World, hosts: Mapping[str, str], authority: trustme.CA) -> Iterator[int]:
    """The health endpoints; the port of all."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = hosts[str(self.headers["Host"])]
            path = urlsplit(self.path).path
            if path == "/":
                failed = world.failed.get(here)
                status = "unhealthy" if failed else "healthy"
                parts = {**OK, failed: "failed"} if failed else OK
                self.answer(503 if failed else 200, {"status": status, "parts": parts, "version": "v1"})
            else:
                is_drained = world.drained(path.removeprefix("/drain/"), here)
                self.answer(200 if is_drained else 404, {"drained": is_drained})

        def answer(self, code: int, document: Mapping[str, Any]) -> None:
            self.send_response(code)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer((LOOPBACK, 0), Endpoint)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()
