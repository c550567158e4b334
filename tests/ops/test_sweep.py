"""What a sweep deletes and what it leaves alone, against the real gateway and emulator."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ops import edge_functions, sweep
from ops.edge_functions import EdgeFunction
from ops.errors import OperationError
from ops.sweep import Sweep
from tests.ops.conftest import WithFaults
from tests.sandbox.edge_functions import Edge, edge_of_its_own, runs

HOURS = 3600.0
LINGERING = "AWS removes them within some hours. Run antipodes sweep then."


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with edge_of_its_own(tmp_path_factory.mktemp("sweep")) as made:
        yield made


def swept(edge: Edge, domain: str, *owned: str) -> tuple[str, ...]:
    """Sweeps; what had to stay."""
    clients = edge.aws.clients
    return sweep.carry_out(clients, sweep.look(clients, domain, owned), lambda _: None)


def functions(edge: Edge) -> list[str]:
    return [each["FunctionName"] for each in edge.aws.clients("lambda").list_functions()["Functions"]]


def log(edge: Edge, function: str, *regions: str) -> None:
    for region in regions:
        edge.aws.clients("logs", region).create_log_group(logGroupName=edge_functions.log_group(function))


def logs(edge: Edge, *regions: str) -> list[str]:
    clients = [edge.aws.clients("logs", region) for region in regions]
    return [group["logGroupName"] for api in clients for group in api.describe_log_groups()["logGroups"]]


def test_of_a_deployed_stack_go_the_versions_that_were_replaced_once_their_replicas_are_gone(edge: Edge):
    arn = edge.publish("deployed", 4, domain="deployed")
    distribution = edge.distribution(f"{arn}:1")
    edge.change(distribution, runs(f"{arn}:3"))

    assert swept(edge, "deployed", "deployed") == (
        f"CloudFront still has replicas of version 1 of deployed: {LINGERING}",
    )
    assert edge.versions("deployed") == ["$LATEST", "1", "3", "4"]
    edge.now += 3 * HOURS
    assert swept(edge, "deployed", "deployed") == ()
    assert edge.versions("deployed") == ["$LATEST", "3", "4"]
    assert not sweep.look(edge.aws.clients, "deployed", ["deployed"]).plan.is_needed
    edge.delete(distribution)


def test_of_a_destroyed_stack_goes_the_function_with_its_logs_once_its_replicas_are_gone(edge: Edge):
    arn = edge.publish("destroyed", 2, domain="destroyed")
    edge.delete(edge.distribution(f"{arn}:2"))
    log(edge, "destroyed", "eu-west-2", "ap-south-1")
    log(edge, "destroyed-too", "eu-west-2")

    assert swept(edge, "destroyed") == (f"CloudFront still has replicas of destroyed: {LINGERING}",)
    assert "destroyed" in functions(edge)
    log(edge, "destroyed", "sa-east-1")  # a replica that lingers makes its logs again
    edge.now += 3 * HOURS
    assert swept(edge, "destroyed") == ()

    assert "destroyed" not in functions(edge)
    assert logs(edge, "eu-west-2", "ap-south-1", "sa-east-1") == [edge_functions.log_group("destroyed-too")]
    assert not sweep.look(edge.aws.clients, "destroyed", []).plan.is_needed


def test_nothing_goes_that_a_distribution_names_or_the_state_holds_or_that_is_not_the_stacks(edge: Edge):
    arn = edge.publish("named", domain="mine")
    distribution = edge.distribution(f"{arn}:1")
    edge.publish("in-the-state", domain="mine")
    edge.publish("anothers", domain="not-mine")
    edge.publish("untagged")

    assert swept(edge, "mine", "in-the-state") == ()
    assert {"named", "in-the-state", "anothers", "untagged"} <= set(functions(edge))
    edge.delete(distribution)


@pytest.mark.parametrize("deletions", range(4))
def test_a_sweep_that_was_interrupted_anywhere_is_ended_by_the_next(edge: Edge, deletions: int):
    name = f"interrupted-{deletions}"
    edge.publish(name, domain=name)
    log(edge, name, "eu-west-2", "us-west-2", "us-east-1")
    told = iter(range(deletions))

    def tell(_: str) -> None:
        if next(told, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep.carry_out(edge.aws.clients, sweep.look(edge.aws.clients, name, []), tell)
    assert swept(edge, name) == ()

    assert name not in functions(edge)
    assert edge_functions.log_group(name) not in logs(edge, "eu-west-2", "us-west-2", "us-east-1")


def test_what_somebody_else_deleted_meanwhile_is_done(edge: Edge):
    edge.publish("meanwhile", 3, domain="meanwhile")
    log(edge, "meanwhile", "eu-west-2")
    clients = edge.aws.clients
    whole, versions = sweep.look(clients, "meanwhile", []), sweep.look(clients, "meanwhile", ["meanwhile"])
    swept(edge, "meanwhile")

    assert sweep.carry_out(clients, whole, lambda _: None) == ()
    assert sweep.carry_out(clients, versions, lambda _: None) == ()


def test_a_function_stays_while_a_region_does_not_tell_whether_it_has_logs_of_it(edge: Edge):
    edge.publish("unseen", domain="unseen")
    log(edge, "unseen", "eu-west-2")
    clients = WithFaults(edge.aws.clients, {"eu-west-1", "sa-east-1"})

    left = sweep.carry_out(clients, sweep.look(clients, "unseen", []), lambda _: None)

    stays = "unseen stays, as eu-west-1, sa-east-1 did not tell whether it has logs of it. Run antipodes sweep again."
    assert left == (stays,)
    assert "unseen" in functions(edge)
    assert edge_functions.log_group("unseen") not in logs(edge, "eu-west-2")
    assert swept(edge, "unseen") == ()


@pytest.mark.parametrize("service", ["resourcegroupstaggingapi", "lambda", "cloudfront", "account"])
def test_where_aws_does_not_tell_what_there_is_nothing_is_deleted_and_the_remedy_told(edge: Edge, service: str):
    name = f"untold-{service}"
    edge.publish(name, domain=name)
    with pytest.raises(OperationError) as error:
        sweep.look(WithFaults(edge.aws.clients, {service}), name, [])
    assert error.value.remedy == "Mend that, then run antipodes sweep again: it goes on."
    assert name in functions(edge)
    swept(edge, name)


def function(versions: str, named: str = "", **more: Any) -> EdgeFunction:
    return EdgeFunction("f", tuple(versions), frozenset(named), **more)


@pytest.mark.parametrize(
    ("kept", "orphaned", "steps"),
    [
        ([], [], []),
        ([function("1")], [], []),
        ([function("123", "1")], [], ["delete version 2 of f, if its replicas are gone"]),
        ([function("123", "3")], [], [f"delete version {n} of f, if its replicas are gone" for n in "12"]),
        ([], [function("")], ["delete the function f (0 versions), if its replicas are gone"]),
        ([], [function("1")], ["delete the function f (1 version), if its replicas are gone"]),
        (
            [],
            [function("12", logs=("eu-west-2",))],
            [
                "delete the logs /aws/lambda/us-east-1.f in eu-west-2",
                "delete the function f (2 versions), if its replicas are gone",
            ],
        ),
        ([], [function("1", unseen=("eu-west-2",))], []),
    ],
)
def test_the_plan_says_every_deletion(kept: Sequence[EdgeFunction], orphaned: Sequence[EdgeFunction], steps: list[str]):
    assert list(Sweep("example.com", tuple(kept), tuple(orphaned)).plan.steps) == steps
