"""A deployed stack as operations see it: its outputs, and an AWS that holds what they name."""

import os
import ssl
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import dns.resolver
import pytest
from botocore.config import Config

from ops.deployment import Deployment
from ops.pace import Pace
from ops.reach import Reach
from sandbox.aws import Clients
from sandbox.emulator import Emulator
from sandbox.ports import LOOPBACK

_PORT = 23950 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


@dataclass(frozen=True)
class Deployed:
    clients: Clients
    outputs: dict[str, Any]

    def table(self, name: str, region: str) -> None:
        self.clients("dynamodb", region).create_table(TableName=name, **_KEY)

    def replica(self, name: str, home: str, region: str) -> None:
        updates = [{"Create": {"RegionName": region}}]
        self.clients("dynamodb", home).update_table(TableName=name, ReplicaUpdates=updates)


_NOBODY = Clients(f"http://{LOOPBACK}:1", Config(retries={"total_max_attempts": 1}))


@dataclass(frozen=True)
class WithFaults:
    """Clients of an AWS that refuses every connection to these services, or regions."""

    clients: Clients
    down: set[str]

    def __call__(self, service: str, region: str) -> Any:
        return (_NOBODY if {service, region} & self.down else self.clients)(service, region)


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    emulator = Emulator(_PORT, tmp_path_factory.mktemp("emulator") / "log")
    emulator.start()
    yield Clients(f"http://{LOOPBACK}:{_PORT}")
    emulator.stop()


@pytest.fixture
def deployed(aws: Clients, request: pytest.FixtureRequest) -> Deployed:
    """A stack of two regions that share a canary table; its name is the test's own."""
    stack = Deployed(
        aws,
        {
            "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
            "canaryTable": f"{request.node.name[-60:]}.canary",
        },
    )
    stack.table(stack.outputs["canaryTable"], "eu-west-1")
    stack.replica(stack.outputs["canaryTable"], "eu-west-1", "ap-southeast-2")
    return stack


@pytest.fixture
def deployment(aws: Clients) -> Deployment:
    """A stack of two regions that has its canary table and nothing else; none of its hosts can be reached."""
    outputs: dict[str, Any] = {
        "data": "replicated",
        "home": "ireland",
        "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
        "canaryTable": f"{uuid.uuid4()}.canary",
    }
    stack = Deployed(aws, outputs)
    stack.table(outputs["canaryTable"], "eu-west-1")
    stack.replica(outputs["canaryTable"], "eu-west-1", "ap-southeast-2")
    return replace(unreachable(outputs), clients=aws)


def without(deployment: Deployment, *down: str) -> Deployment:
    """The same, with these services, or AWS regions, not answering."""
    return replace(deployment, clients=WithFaults(cast("Clients", deployment.clients), set(down)))


def unreachable(outputs: dict[str, Any]) -> Deployment:
    """A stack with these outputs of which nothing answers."""
    resolver = dns.resolver.Resolver(configure=False)
    nowhere = Reach(lambda _: (LOOPBACK, 1), ssl.create_default_context(), resolver, lambda _: resolver)
    return Deployment(outputs, _NOBODY, nowhere, Pace())
