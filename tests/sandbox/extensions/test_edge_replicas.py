"""For how long Lambda keeps a function that CloudFront has copies of, asked through boto3 of the real gateway."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
import urllib3

from sandbox.extensions.edge_replicas import EdgeReplicas
from tests.sandbox.cloudfront.edge import config
from tests.sandbox.embedded import package
from tests.sandbox.extensions.test_extensions import refused
from tests.sandbox.provider.embedded_aws import Engine, embedded_aws

ACCOUNT = "000000000000"
HOURS = 3600.0
Change = Callable[[dict[str, Any]], object]


@dataclass
class Edge:
    """An AWS whose clock the test sets, in seconds."""

    aws: Engine
    now: float = 0.0
    references: Iterator[int] = field(default_factory=itertools.count)

    def publish(self, name: str, versions: int = 1) -> str:
        """The ARN of a new function that has this many versions."""
        api = self.aws.clients("lambda")
        made = api.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role="arn:aws:iam::000000000000:role/r",
            Handler="h.handler",
            Code={"ZipFile": package({"h.py": f"# {name}"})},
        )
        for number in range(versions):
            api.update_function_code(FunctionName=name, ZipFile=package({"h.py": f"# {number}"}), Publish=True)
        return str(made["FunctionArn"])

    def versions(self, name: str) -> list[str]:
        listed = self.aws.clients("lambda").list_versions_by_function(FunctionName=name)["Versions"]
        return [each["Version"] for each in listed]

    def distribution(self, version: str) -> str:
        wanted = config(f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/c", version, f"caller-{next(self.references)}")
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


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    clock: list[Edge] = []
    replicas = EdgeReplicas(lambda: clock[0].now)
    with embedded_aws(tmp_path_factory.mktemp("replicas"), replicas=replicas) as aws:
        clock.append(Edge(aws))
        yield clock[0]


def runs(version: str) -> Change:
    """A change of the distribution's function."""

    def change(config: dict[str, Any]) -> None:
        config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"][0]["LambdaFunctionARN"] = version

    return change


def replicated(version: str) -> str:
    return (
        f"400 InvalidParameterValueException: Lambda was unable to delete {version} because it is a replicated "
        "function. Please see our documentation for Deleting Lambda@Edge Functions and Replicas."
    )


def test_a_function_stays_until_two_hours_after_the_last_distribution_that_ran_it(edge: Edge):
    delete = edge.aws.clients("lambda").delete_function
    arn = edge.publish("whole")
    one, other = (edge.distribution(f"{arn}:{number}") for number in (1, 1))
    assert refused(delete, FunctionName="whole") == replicated(f"{arn}:1")

    edge.delete(one)
    edge.now += 3 * HOURS
    assert refused(delete, FunctionName="whole") == replicated(f"{arn}:1")
    edge.delete(other)
    edge.now += 1.9 * HOURS
    assert refused(delete, FunctionName=arn) == replicated(f"{arn}:1")
    assert edge.control()["lingering"] == {f"{arn}:1": pytest.approx(0.1 * HOURS)}
    edge.now += 0.2 * HOURS
    delete(FunctionName="whole")


def test_a_distribution_that_is_disabled_has_its_replicas_all_the_same(edge: Edge):
    arn = edge.publish("disabled")
    edge.change(edge.distribution(f"{arn}:1"), lambda config: config.update(Enabled=False))
    edge.now += 24 * HOURS
    assert refused(edge.aws.clients("lambda").delete_function, FunctionName="disabled") == replicated(f"{arn}:1")


def test_each_version_has_replicas_of_its_own(edge: Edge):
    delete = edge.aws.clients("lambda").delete_function
    arn = edge.publish("versions", 3)
    distribution = edge.distribution(f"{arn}:1")
    edge.change(distribution, runs(f"{arn}:2"))

    assert refused(delete, FunctionName="versions", Qualifier="1") == replicated(f"{arn}:1")
    assert refused(delete, FunctionName=f"{arn}:2") == replicated(f"{arn}:2")
    assert refused(delete, FunctionName="versions") == replicated(f"{arn}:1")
    delete(FunctionName="versions", Qualifier="3")
    edge.now += 2 * HOURS
    delete(FunctionName="versions", Qualifier="1")
    assert edge.versions("versions") == ["$LATEST", "2"]


def test_a_function_that_no_distribution_ever_ran_goes_at_once(edge: Edge):
    edge.publish("versions-of-another")
    edge.aws.clients("lambda").delete_function(FunctionName="versions-of-another")


def test_how_long_replicas_linger_can_be_set(edge: Edge):
    delete = edge.aws.clients("lambda").delete_function
    arn = edge.publish("set")
    edge.delete(edge.distribution(f"{arn}:1"))
    assert refused(delete, FunctionName="set") == replicated(f"{arn}:1")
    assert edge.control({"linger": 0}) == {"linger": 0, "lingering": {}}
    delete(FunctionName="set")
    edge.control({"linger": 2 * HOURS})


@pytest.mark.parametrize(
    "sent", [{"linger": -1}, {"linger": True}, {"linger": "1"}, {"linger": 1, "more": 1}, {"x": 1}]
)
def test_a_control_that_makes_no_sense_is_refused(edge: Edge, sent: dict[str, Any]):
    assert edge.control(sent) == HTTPStatus.BAD_REQUEST
