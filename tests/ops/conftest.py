"""A deployed stack as operations see it: its outputs, and an AWS that holds what they name."""

import hashlib
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
from tests.sandbox.embedded import package

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

    def fan_out(self, name: str) -> None:
        """A function and a queue of this name in each region; the function gets the stream of the table of events."""
        self.outputs["fanOut"] = {}
        for key, region in self.outputs["regions"].items():
            table = self.clients("dynamodb", region).describe_table(TableName=self.outputs["tables"]["events"])["Table"]
            functions = self.clients("lambda", region)
            functions.create_function(
                FunctionName=name,
                Runtime="python3.13",
                Role="arn:aws:iam::000000000000:role/r",
                Handler="h.handler",
                Code={"ZipFile": package({"h.py": "def handler(event, context): ..."})},
            )
            functions.create_event_source_mapping(
                FunctionName=name, EventSourceArn=table["LatestStreamArn"], StartingPosition="LATEST"
            )
            queue = self.clients("sqs", region).create_queue(QueueName=name)["QueueUrl"]
            self.outputs["fanOut"][key] = {"function": name, "deadLetters": queue}


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
    """A good stack of two regions, with one table; its names are the test's own."""
    name = request.node.name.replace("[", "-").replace("]", "-")[-60:]
    stack = Deployed(
        aws,
        {
            "data": "replicated",
            "home": "ireland",
            "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
            "tables": {"events": f"{name}.events"},
            "canaryTable": f"{name}.canary",
            "tokenSecret": {"name": f"{name}/token", "region": "eu-west-1"},
        },
    )
    for table in (stack.outputs["tables"]["events"], stack.outputs["canaryTable"]):
        stack.table(table, "eu-west-1")
        stack.replica(table, "eu-west-1", "ap-southeast-2")
    for region in stack.outputs["regions"].values():
        # Not by replication, which would not let a test spoil a copy.
        aws("secretsmanager", region).create_secret(Name=stack.outputs["tokenSecret"]["name"], SecretString="s3cret")
    stack.fan_out(hashlib.sha256(name.encode()).hexdigest()[:20])
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
