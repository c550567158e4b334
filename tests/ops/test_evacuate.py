import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection

import pytest

from ops import evacuate, journal
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.evacuate import TIMEOUT
from ops.journal import BEGUN, DONE, FAILED
from sandbox.aws import Clients
from tests.ops import api as apis
from tests.ops import world as outside
from tests.ops.api import Api
from tests.ops.world import Aws, Route53, World

world = outside.world


@pytest.fixture
def sydney(world: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, Api, Deployment]]:
    """The world, the API of Sydney, and the stack; its CloudWatch knows parts of a second, which others do not."""
    monkeypatch.setattr("ops.metrics.minute", lambda _: 0.1)
    with apis.served(world[1], "sydney") as (api, stack):
        yield world[0], api, stack


def evacuated(stack: Deployment, timeout: float = TIMEOUT) -> list[str]:
    """Evacuates Sydney, and what is said of it meanwhile."""
    said: list[str] = []
    found = evacuate.look(stack, "sydney")
    assert evacuate.plan(stack, "sydney", found).is_needed
    with journal.recorded(stack, evacuate.WHAT, "sydney", tell=said.append) as record:
        evacuate.act(stack, "sydney", found, record, timeout)
    return said


def left_in(stack: Deployment) -> set[str]:
    """The kinds of items in the canary tables."""
    table = stack.outputs["canaryTable"]
    found = [stack.clients("dynamodb", region).scan(TableName=table)["Items"] for region in stack.regions.values()]
    return {item["id"]["S"].partition("/")[0] for items in found for item in items}


def test_an_evacuated_region_has_no_clients_and_its_writes_are_elsewhere(sydney: tuple[World, Api, Deployment]) -> None:
    out_there, api, stack = sydney
    plan = evacuate.plan(stack, "sydney", evacuate.look(stack, "sydney"))
    assert plan.operation == "evacuate sydney"
    assert plan.steps == (
        "Write in ireland that sydney is drained.",
        "Wait until DNS no longer names sydney; within 100 s.",
        "Wait 70 s: routers and resolvers forget what DNS said before.",
        "End the subscriptions in sydney and close their WebSockets; clients connect to another region.",
        "Wait until CloudWatch has a minute without clients' requests and connections in sydney.",
        "Confirm that what was written in sydney has reached the other regions.",
    )

    assert evacuated(stack)[-4:] == [
        "70 s have passed: routers and resolvers have forgotten that DNS named sydney.",
        "The subscriptions in sydney are ended; clients connect to another region.",
        "Traffic in sydney has ended: 0 WebSockets and 0 requests a minute.",
        "A write in sydney has arrived in ireland: data has caught up there, as far as a probe tells.",
    ]
    assert (api.moved, sum(api.sockets.values())) == (["created", "changed"], 0)
    assert out_there.switches("sydney") == {"ireland": True}
    assert left_in(stack) == {"drain", "operation"}
    assert [entry.outcome for entry in journal.entries(stack)] == [DONE]


def test_an_api_without_subscriptions_has_nobody_to_move(sydney: tuple[World, Api, Deployment]) -> None:
    _, api, stack = sydney
    api.sockets.clear()
    outputs = {name: value for name, value in stack.outputs.items() if name != "subscribers"}
    stack = replace(stack, outputs=outputs)

    plan = evacuate.plan(stack, "sydney", evacuate.look(stack, "sydney"))

    assert not any("subscriptions" in step for step in plan.steps)
    assert not any("subscriptions" in text for text in evacuated(stack))
    assert api.moved == []


def test_a_region_that_is_down_is_left_and_what_it_does_not_say_is_said(
    sydney: tuple[World, Api, Deployment],
) -> None:
    out_there, api, stack = sydney
    api.status, api.is_watched = 503, False

    said = evacuated(outside.part_down(out_there, stack, "sydney"))

    assert out_there.drained("sydney", "ireland")
    assert "Subscribers were not moved: the API of sydney does not answer (HTTP 503)." in said[-3]
    assert said[-2].startswith("Not confirmed that traffic has ended: CloudWatch in sydney does not answer")
    assert said[-1].startswith("Not confirmed that data has caught up: sydney takes no probe")


def test_figures_that_do_not_come_are_said_to_be_missing(sydney: tuple[World, Api, Deployment]) -> None:
    _, api, stack = sydney
    api.own = None

    said = evacuated(stack, timeout=0)

    assert "Not confirmed that traffic has ended: CloudWatch in sydney has no figures of its API." in said


def test_a_client_that_comes_back_is_moved_again(sydney: tuple[World, Api, Deployment]) -> None:
    _, api, stack = sydney
    api.stubborn = 1

    said = evacuated(stack)

    assert said.count("The subscriptions in sydney are ended; clients connect to another region.") == 2
    assert said[-2] == "Traffic in sydney has ended: 0 WebSockets and 0 requests a minute."


def test_clients_that_stay_are_an_error_with_their_number(sydney: tuple[World, Api, Deployment]) -> None:
    out_there, api, stack = sydney
    api.requests = 30

    with pytest.raises(OperationError, match=r"After 60 s sydney still has clients: 0 WebSockets and 30 requests"):
        evacuated(stack, timeout=60)

    assert out_there.drained("sydney", "ireland")
    assert [entry.outcome for entry in journal.entries(stack)] == [FAILED]


def test_who_may_not_move_subscribers_is_told_what_it_takes(sydney: tuple[World, Api, Deployment]) -> None:
    _, api, stack = sydney
    api.errors = ["Not Authorized to access antipodesMoveSubscribers on type Mutation"]

    with pytest.raises(OperationError, match=r"refuses the mutation .*Not Authorized.* needs appsync:GraphQL"):
        evacuated(stack)


def test_regions_with_data_of_their_own_have_nothing_to_catch_up(sydney: tuple[World, Api, Deployment]) -> None:
    stack = replace(sydney[2], outputs={**sydney[2].outputs, "data": "regional"})

    plan = evacuate.plan(stack, "sydney", evacuate.look(stack, "sydney"))

    assert not any("written in sydney has reached" in step for step in plan.steps)
    assert evacuated(stack)[-1] == "Nothing to catch up: each region has its own data, and that of sydney stays there."


def test_a_drained_region_can_be_evacuated_and_an_evacuated_one_again(sydney: tuple[World, Api, Deployment]) -> None:
    _, _, stack = sydney
    evacuated(stack)

    again = evacuate.plan(stack, "sydney", evacuate.look(stack, "sydney"))
    assert again.steps[0].startswith("Wait 70 s")
    evacuated(stack)

    assert [entry.outcome for entry in journal.entries(stack)] == [DONE, DONE]


def _evacuate_slowly(stack: Deployment, parent: Connection) -> None:
    """Tells each step to the parent, and goes on when told to."""

    def tell(text: str) -> None:
        parent.send(text)
        parent.recv()

    found = evacuate.look(stack, "sydney")
    with journal.recorded(stack, evacuate.WHAT, "sydney", tell=tell) as record:
        evacuate.act(stack, "sydney", found, record)


def killed_at(stack: Deployment, words: str) -> None:
    """Evacuates in a process of its own, which is killed as it tells of the step that begins with `words`."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_evacuate_slowly, args=(stack, there))
    child.start()
    there.close()
    while not here.recv().startswith(words):
        here.send("go on")
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert child.exitcode == -signal.SIGKILL


def test_killed_at_any_step_it_comes_to_the_same_end_when_it_runs_again(
    sydney: tuple[World, Api, Deployment], aws: Clients
) -> None:
    out_there, api, stack = sydney
    # A process of its own has connections of its own.
    fresh = Clients(aws.endpoint)
    own = Aws(replace(stack, clients=fresh), Route53(World(replace(out_there.stack, clients=fresh))))
    elsewhere = replace(stack, clients=apis.clients(own, api))

    steps = (
        "ireland says that sydney is drained",
        "The health endpoints",
        "Route 53's checkers",
        "DNS no longer names",
        "70 s have passed",
        "The subscriptions in sydney are ended",
        "Traffic in sydney has ended",
        "A write in sydney has arrived",
    )
    for words in steps:
        killed_at(elsewhere, words)
    evacuated(stack)

    assert out_there.switches("sydney") == {"ireland": True}
    assert sum(api.sockets.values()) == 0
    assert left_in(stack) == {"drain", "operation"}
    entries = journal.entries(stack)
    assert [entry.outcome for entry in entries] == [DONE] + [BEGUN] * len(steps)
    assert journal.unfinished(entries) == []
