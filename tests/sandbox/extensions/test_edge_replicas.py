"""For how long Lambda keeps a function that CloudFront has copies of, asked through boto3 of the real gateway."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest

from tests.sandbox.edge_functions import Edge, edge_of_its_own, runs
from tests.sandbox.extensions.test_extensions import refused

HOURS = 3600.0


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with edge_of_its_own(tmp_path_factory.mktemp("replicas")) as made:
        yield made


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
    edge.distribution(edge.publish("ran") + ":1")
    edge.publish("ran-not")
    edge.publish("ran", region="eu-west-1")
    edge.aws.clients("lambda").delete_function(FunctionName="ran-not")
    edge.aws.clients("lambda", "eu-west-1").delete_function(FunctionName="ran")


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
