"""Health checks of an emulator behind a gateway, watched by checkers for whom time passes fast."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from botocore.exceptions import ClientError

from sandbox.aws import Clients
from sandbox.control_plane import ControlPlane
from sandbox.extensions.health_checks import reports
from sandbox.gateway import Gateway
from sandbox.health import HealthCheckers
from sandbox.ports import LOOPBACK, Ports
from sandbox.time_scale import TimeScale
from tests.sandbox.embedded import Aws, ports, runner
from tests.sandbox.health.endpoints import HOST, OK, SICK, Served, served

__all__ = ["ports", "runner"]

_PATIENCE = 20.0  # seconds, for a machine that is busy with everything else


@dataclass
class There:
    """Route 53 with its checkers, and an endpoint."""

    aws: Aws
    checkers: HealthCheckers
    endpoint: Served
    time_scale: TimeScale
    made: int = 0

    async def call(self, operation: str, **parameters: Any) -> Any:
        return await self.aws.call("route53", "us-east-1", operation, **parameters)

    async def check(self, **settings: Any) -> str:
        """Creates a health check, of the endpoint where it does not say of what; its id."""
        self.made += 1
        of_endpoint = {"Type": "HTTPS", "FullyQualifiedDomainName": HOST, "RequestInterval": 10, "FailureThreshold": 2}
        settings = settings if "Type" in settings else of_endpoint | settings
        reference = f"check-{self.made}"
        created = await self.call("create_health_check", CallerReference=reference, HealthCheckConfig=settings)
        return str(created["HealthCheck"]["Id"])

    async def becomes(self, id_: str, *, healthy: bool) -> None:
        await soon(lambda: self.checkers.is_healthy(id_) is healthy)

    async def was_asked(self, times: int) -> None:
        """Waits until the endpoint has been asked so often again."""
        enough = len(self.endpoint.requests) + times
        await soon(lambda: len(self.endpoint.requests) >= enough)

    async def nobody_asks(self) -> None:
        """Waits for a simulated minute without a request."""
        async with asyncio.timeout(_PATIENCE):
            asked = -1
            while asked != len(self.endpoint.requests):
                asked = len(self.endpoint.requests)
                await self.time_scale.sleep(60)


async def soon(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event to tell of it
            await asyncio.sleep(0.005)


@asynccontextmanager
async def watching(ports: Ports, folder: Path) -> AsyncIterator[There]:
    async with served(folder) as endpoint:
        control_plane = ControlPlane(Clients(f"http://{LOOPBACK}:{ports.gateway}"))
        time_scale = TimeScale(200)
        checkers = HealthCheckers(control_plane, time_scale, endpoint.find)
        gateway = Gateway(
            f"http://{LOOPBACK}:{ports.emulator}",
            control_plane.changed,
            controls=checkers.controls,
            handlers=reports(checkers.observations),
        )
        await gateway.start(LOOPBACK, ports.gateway)
        await checkers.start()
        try:
            yield There(Aws(ports, control_plane), checkers, endpoint, time_scale)
        finally:
            await checkers.stop()
            await gateway.stop()


@pytest.fixture(scope="module")
def world(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    running = watching(ports, tmp_path_factory.mktemp("health"))
    yield runner.run(running.__aenter__())
    runner.run(running.__aexit__(None, None, None))


@pytest.fixture
def there(runner: asyncio.Runner, world: There) -> Iterator[There]:
    """The world with an endpoint that is well; the checks of the test are deleted after it."""
    world.endpoint.answer = OK
    yield world

    async def clear() -> None:
        held = (await world.call("list_health_checks"))["HealthChecks"]
        for check in sorted(held, key=lambda check: check["HealthCheckConfig"]["Type"]):  # calculated ones first
            await world.call("delete_health_check", HealthCheckId=check["Id"])

    runner.run(clear())


def test_a_checker_that_has_had_no_result_yet_has_no_say(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        there.endpoint.answer = SICK
        usual = there.time_scale.scale
        there.time_scale.set(0.01)  # no checker but the first one ever gets to ask
        try:
            await there.becomes(await there.check(FailureThreshold=1), healthy=False)
        finally:
            there.time_scale.set(usual)

    runner.run(story())


def test_an_endpoint_that_fails_leaves_and_comes_back(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        id_ = await there.check()
        assert there.checkers.is_healthy(id_)
        await there.was_asked(6)
        assert there.checkers.is_healthy(id_)
        for answer, healthy in ((SICK, False), (OK, True), (b"", False)):
            there.endpoint.answer = answer
            await there.becomes(id_, healthy=healthy)

    runner.run(story())


def test_a_single_failure_changes_nothing_where_the_threshold_is_higher(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        id_ = await there.check(FailureThreshold=10)
        there.endpoint.answer = SICK
        await there.was_asked(3)
        assert there.checkers.is_healthy(id_)
        there.endpoint.answer = OK
        await there.was_asked(6)
        assert there.checkers.is_healthy(id_)

    runner.run(story())


def test_an_inverted_check_is_unhealthy_until_its_endpoint_fails(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        id_ = await there.check(Inverted=True, FailureThreshold=1)
        await there.becomes(id_, healthy=False)
        there.endpoint.answer = SICK
        await there.becomes(id_, healthy=True)

    runner.run(story())


def test_a_disabled_check_asks_nobody_and_is_healthy(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        there.endpoint.answer = SICK
        id_ = await there.check()
        await there.becomes(id_, healthy=False)
        await there.call("update_health_check", HealthCheckId=id_, Disabled=True)
        await there.becomes(id_, healthy=True)
        await there.nobody_asks()
        await there.call("update_health_check", HealthCheckId=id_, Disabled=False)
        await there.becomes(id_, healthy=False)

    runner.run(story())


def test_a_check_that_is_deleted_asks_no_more(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        id_ = await there.check()
        await there.was_asked(1)
        await there.call("delete_health_check", HealthCheckId=id_)
        await soon(lambda: not there.checkers.observations(id_))
        await there.nobody_asks()

    runner.run(story())


def test_an_alarm_is_followed_in_its_own_region(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        alarm = {
            "AlarmName": "errors",
            "Namespace": "AWS/AppSync",
            "MetricName": "5XXError",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        await there.aws.call("cloudwatch", "eu-west-1", "put_metric_alarm", **alarm)
        of = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "eu-west-1", "Name": "errors"}}
        strict = await there.check(**of, InsufficientDataHealthStatus="Unhealthy")
        lenient = await there.check(**of, InsufficientDataHealthStatus="Healthy")
        await there.becomes(strict, healthy=False)
        assert there.checkers.is_healthy(lenient)
        for state, healthy in (("OK", True), ("ALARM", False)):
            set_ = {"AlarmName": "errors", "StateValue": state, "StateReason": "a test"}
            await there.aws.call("cloudwatch", "eu-west-1", "set_alarm_state", **set_)
            await there.becomes(strict, healthy=healthy)
            await there.becomes(lenient, healthy=healthy)

    runner.run(story())


def test_a_calculated_check_follows_its_children(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        child = await there.check()
        drain = await there.check(FullyQualifiedDomainName="nowhere.test", FailureThreshold=1, Inverted=True)
        both = await there.check(Type="CALCULATED", ChildHealthChecks=[child, drain], HealthThreshold=2)
        one = await there.check(Type="CALCULATED", ChildHealthChecks=[child, drain], HealthThreshold=1)
        await there.becomes(both, healthy=True)
        there.endpoint.answer = SICK
        await there.becomes(both, healthy=False)
        assert there.checkers.is_healthy(one)
        there.endpoint.answer = OK
        await there.becomes(both, healthy=True)

    runner.run(story())


def test_route_53_reports_what_each_checker_saw(runner: asyncio.Runner, there: There) -> None:
    async def story() -> None:
        id_ = await there.check()
        await there.was_asked(6)
        healthy = (await there.call("get_health_check_status", HealthCheckId=id_))["HealthCheckObservations"]
        assert {seen["Region"] for seen in healthy} == {"ap-southeast-1", "eu-west-1", "us-east-1"}
        assert {seen["StatusReport"]["Status"] for seen in healthy} == {"Success: HTTP Status Code 200, OK"}
        assert all(seen["StatusReport"]["CheckedTime"].tzinfo for seen in healthy)
        assert (await there.call("get_health_check_last_failure_reason", HealthCheckId=id_))[
            "HealthCheckObservations"
        ] == []
        there.endpoint.answer = SICK
        await there.becomes(id_, healthy=False)
        there.endpoint.answer = OK
        await there.becomes(id_, healthy=True)
        failed = await there.call("get_health_check_last_failure_reason", HealthCheckId=id_)
        assert {seen["StatusReport"]["Status"] for seen in failed["HealthCheckObservations"]} == {
            "Failure: HTTP Status Code 503, Service Unavailable"
        }

    runner.run(story())


def test_the_control_shows_each_check_and_since_when(runner: asyncio.Runner, there: There) -> None:
    async def show(session: ClientSession) -> Any:
        async with session.get(f"{there.aws.url}/_sandbox/health") as answer:
            return (await answer.json())["checks"]

    async def story() -> None:
        id_ = await there.check()
        parent = await there.check(Type="CALCULATED", ChildHealthChecks=[id_], HealthThreshold=1)
        await there.was_asked(6)
        async with ClientSession() as session:
            before = await show(session)
            assert before[id_]["healthy"]
            assert before[id_]["of"] == f"https://{HOST}/"
            assert before[id_]["seen"]["us-east-1"] == "Success: HTTP Status Code 200, OK"
            assert before[parent]["of"] == f"at least 1 of {id_}"
            there.endpoint.answer = SICK
            await there.becomes(parent, healthy=False)
            after = await show(session)
            assert [after[each]["healthy"] for each in (id_, parent)] == [False, False]
            assert after[id_]["since"] > before[id_]["since"]

    runner.run(story())


def test_what_route_53_or_the_sandbox_does_not_take_is_refused(runner: asyncio.Runner, there: There) -> None:
    async def refusal(operation: str, **parameters: Any) -> str:
        with pytest.raises(ClientError) as error:
            await there.call(operation, **parameters)
        return f"{error.value.response['Error']['Code']}: {error.value.response['Error']['Message']}"

    async def story() -> None:
        host = {"Type": "HTTPS", "FullyQualifiedDomainName": HOST}
        calculated = {"Type": "CALCULATED"}
        for settings, reason in (
            ({**host, "RequestInterval": 20}, "interval 20 is not 10 or 30"),
            ({**host, "FailureThreshold": 11}, "threshold 11 is not in 1 to 10"),
            ({**host, "HealthThreshold": 1}, "must not have HealthThreshold"),
            ({"Type": "HTTPS"}, "must have a domain name"),
            (calculated, "must have a health threshold"),
            ({**calculated, "HealthThreshold": 1, "ChildHealthChecks": ["x"]}, "there is no health check x"),
            ({"Type": "CLOUDWATCH_METRIC"}, "must have an alarm"),
            ({"Type": "TCP", "IPAddress": "192.0.2.1"}, "does not emulate health checks of the type TCP"),
            ({"Type": "HTTPS", "IPAddress": "192.0.2.1"}, "does not emulate health checks of the type HTTPS"),
        ):
            told = await refusal("create_health_check", CallerReference=reason, HealthCheckConfig=settings)
            assert told.startswith("InvalidInput: ")
            assert reason in told
        child = await there.check()
        parent = await there.check(Type="CALCULATED", ChildHealthChecks=[child], HealthThreshold=1)
        assert await refusal("delete_health_check", HealthCheckId=child) == (
            f"InvalidInput: Health check {child} is still referenced from parent health check(s): {parent}"
        )
        assert "there is no health check y" in await refusal(
            "update_health_check", HealthCheckId=parent, ChildHealthChecks=["y"]
        )
        assert (await refusal("get_health_check_status", HealthCheckId=parent)).startswith("InvalidInput")
        assert (await refusal("get_health_check_status", HealthCheckId="none")).startswith("NoSuchHealthCheck")

    runner.run(story())
