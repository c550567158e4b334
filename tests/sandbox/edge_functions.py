"""Lambda@Edge functions, the distributions that run them, and a clock by which CloudFront forgets them, for tests."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3

from sandbox.extensions.edge_replicas import EdgeReplicas
from tests.sandbox.cloudfront.edge import config
from tests.sandbox.embedded import package
from tests.sandbox.provider.embedded_aws import Engine, embedded_aws

_ACCOUNT = "000000000000"
Change = Callable[[dict[str, Any]], object]


@dataclass
class Edge:
    """An AWS whose clock the test sets, in seconds."""

    aws: Engine
    now: float = 0.0
    references: Iterator[int] = field(default_factory=itertools.count)

    def publish(self, name: str, versions: int = 1, *, domain: str = "", region: str = "us-east-1") -> str:
        """The ARN of a new function that has this many versions, and the tag of this domain."""
        api = self.aws.clients("lambda", region)
        made = api.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role="arn:aws:iam::000000000000:role/r",
            Handler="h.handler",
            Code={"ZipFile": package({"h.py": f"# {name}"})},
            Tags={"antipodes:domain": domain} if domain else {},
        )
        for number in range(versions):
            api.update_function_code(FunctionName=name, ZipFile=package({"h.py": f"# {number}"}), Publish=True)
        return str(made["FunctionArn"])

    def versions(self, name: str) -> list[str]:
        listed = self.aws.clients("lambda").list_versions_by_function(FunctionName=name)["Versions"]
        return [each["Version"] for each in listed]

    def distribution(self, version: str) -> str:
        wanted = config(f"arn:aws:acm:us-east-1:{_ACCOUNT}:certificate/c", version, f"caller-{next(self.references)}")
        wanted["Aliases"] = {"Quantity": 0}
        return str(self.aws.clients("cloudfront").create_distribution(DistributionConfig=wanted)["Distribution"]["Id"])

    def change(self, distribution: str, change: Change) -> None:
        api = self.aws.clients("cloudfront")
        present = api.get_distribution_config(Id=distribution)
        change(present["DistributionConfig"])
        wanted = present["DistributionConfig"]
        api.update_distribution(Id=distribution, IfMatch=present["ETag"], DistributionConfig=wanted)

    def delete(self, distribution: str) -> None:
        self.change(distribution, lambda config: config.update(Enabled=False))
        api = self.aws.clients("cloudfront")
        api.delete_distribution(Id=distribution, IfMatch=api.get_distribution_config(Id=distribution)["ETag"])

    def control(self, sent: dict[str, Any] | None = None) -> Any:
        """What the control says, or answers to what is sent."""
        url = f"{self.aws.clients.endpoint}/_sandbox/replicas"
        answer = urllib3.request("GET", url) if sent is None else urllib3.request("PUT", url, json=sent)
        return answer.json() if answer.status == HTTPStatus.OK else answer.status


@contextmanager
def edge_of_its_own(folder: Path) -> Iterator[Edge]:
    """An edge on free ports, at whose clock it is 0."""
    clock: list[Edge] = []
    with embedded_aws(folder, replicas=EdgeReplicas(lambda: clock[0].now)) as aws:
        clock.append(Edge(aws))
        yield clock[0]


def runs(version: str) -> Change:
    """A change of the distribution's function."""

    def change(config: dict[str, Any]) -> None:
        config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"][0]["LambdaFunctionARN"] = version

    return change
