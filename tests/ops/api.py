"""A region's API as an evacuation meets it: its own endpoint, and what its CloudWatch says of it."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.exceptions import EndpointConnectionError

from ops.clients import Clients
from ops.deployment import Deployment
from sandbox.appsync.errors import RefusedError
from sandbox.appsync.signature import signer
from sandbox.ports import LOOPBACK
from sandbox.roles import Roles

FIELDS = ("created", "changed")
MOVE = "antipodesMoveSubscribers"


@dataclass
class Api:
    """The API of one region.

    Attributes:
        region: the AWS region, for which callers sign.
        url: its endpoint.
        sockets: subscription field -> WebSockets that are open for it.
        stubborn: how many clients subscribe again in this region whenever they are moved.
        requests: of clients, in each minute.
        own: of the project's functions, in each minute; None where CloudWatch has no figures at all.
        publications: of these, the fan-out's.
        status: what it answers every request with.
        errors: what it answers mutations with.
        moved: the fields that it was told to move, in order.
        is_watched: whether CloudWatch answers.
    """

    region: str
    url: str = ""
    sockets: dict[str, int] = field(default_factory=lambda: {"created": 2, "changed": 1})
    stubborn: int = 0
    requests: int = 0
    own: int | None = 20
    publications: int = 0
    status: int = 200
    errors: Sequence[str] = ()
    moved: list[str] = field(default_factory=list)
    is_watched: bool = True

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            signer(path, headers, body, service="appsync", region=self.region, find=Roles().find)
        except RefusedError as error:
            return error.status, {"errors": [{"message": str(error)}]}
        if self.status != 200 or self.errors:
            return self.status, {"errors": [{"message": message} for message in self.errors]}
        asked = json.loads(body)
        assert f"{MOVE}(subscription: $subscription)" in asked["query"]
        name = asked["variables"]["subscription"]
        self.moved.append(name)
        self.sockets[name] = min(self.stubborn, self.sockets[name])
        self.stubborn = 0
        return 200, {"data": {MOVE: True}}

    def value(self, metric: str) -> float | None:
        if self.own is None:
            return None
        sent = self.own + self.publications
        figures = {"Requests": sent + self.requests, "ActiveConnections": sum(self.sockets.values()) or None}
        return {**figures, "Probes": self.own, "Publications": self.publications or None, "IteratorAge": None}[metric]


@dataclass(frozen=True)
class CloudWatch:
    """GetMetricData: in every period, what is so now. No alarm is raised."""

    api: Api

    def get_paginator(self, _: str) -> "CloudWatch":
        return self

    def paginate(self, **asked: Any) -> list[Any]:
        if not self.api.is_watched:
            raise EndpointConnectionError(endpoint_url="https://monitoring")
        begin, end = asked["StartTime"], asked["EndTime"]
        return [{"MetricDataResults": [self._result(query, begin, end)]} for query in asked["MetricDataQueries"]]

    def describe_alarms(self, **_: Any) -> Mapping[str, Any]:
        return {}

    def _result(self, query: Any, start: datetime, end: datetime) -> dict[str, Any]:
        metric, period = query["MetricStat"]["Metric"], query["MetricStat"]["Period"]
        value = self.api.value(metric["MetricName"])
        count = round((end - start).total_seconds() / period) if value is not None else 0
        return {
            "Id": query["Id"],
            "Timestamps": [start + timedelta(seconds=number * period) for number in range(count)],
            "Values": [value] * count,
        }


def clients(others: Clients, api: Api) -> Clients:
    """With the CloudWatch of the API in the place of every other."""
    return lambda service, region: CloudWatch(api) if service == "cloudwatch" else others(service, region)


@contextmanager
def served(stack: Deployment, key: str) -> Iterator[tuple[Api, Deployment]]:
    """The API of the region `key`, and the stack with it."""
    api = Api(stack.regions[key])

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, document = api.answer(self.path, headers, body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer((LOOPBACK, 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    api.url = f"http://{LOOPBACK}:{server.server_address[1]}/graphql"
    outputs = {
        **stack.outputs,
        "domain": "example.test",
        "apis": {key: {"id": "a1", "url": api.url}},
        "subscribers": {"mutation": MOVE, "subscriptions": list(FIELDS)},
    }
    try:
        yield api, replace(stack, outputs=outputs, clients=clients(stack.clients, api))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
