import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox.lambda_runtime import FunctionError, LambdaRuntime, NotEmulatedError
from sandbox.ports import Ports
from sandbox.roles import Roles
from tests.sandbox.embedded import Aws, embedded_aws, package, ports

__all__ = ["ports"]

ECHO = """
import os, time
def handler(event, context):
    if "sleep" in event: time.sleep(event["sleep"])
    if "exit" in event: os._exit(event["exit"])
    if "raise" in event: raise ValueError(event["raise"])
    return {"pid": os.getpid(), "env": dict(os.environ), "arn": context.invoked_function_arn, "event": event,
            "left": context.get_remaining_time_in_millis()}
"""


@asynccontextmanager
async def lambda_here(
    ports: Ports, folder: Path, roles: Roles | None = None
) -> AsyncIterator[tuple[Aws, LambdaRuntime]]:
    async with embedded_aws(ports) as aws:
        runtime = LambdaRuntime(aws.control_plane, aws.url, folder, roles or Roles())
        try:
            yield aws, runtime
        finally:
            await runtime.stop()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_function_gets_its_event_and_the_environment_of_lambda(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("env", {"h.py": ECHO}, Environment={"Variables": {"TABLE": "events"}})
            answer = await runtime.invoke(
                arn, {"name": "Zürich"}, executing_region="sa-east-1", extra_env={"EXTRA": "1"}
            )
        assert answer["event"] == {"name": "Zürich"}
        assert answer["arn"] == arn
        assert 0 < answer["left"] <= 5000
        wanted = {
            "TABLE": "events",
            "EXTRA": "1",
            "AWS_REGION": "sa-east-1",
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_LAMBDA_FUNCTION_NAME": "env",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "_HANDLER": "h.handler",
        }
        assert answer["env"].items() >= wanted.items()
        assert "HOME" not in answer["env"], "nothing of this machine's environment leaks in"

    asyncio.run(story())


def test_functions_see_the_simulated_time(ports: Ports, tmp_path: Path) -> None:
    code = """
import os, time
def handler(event, context):
    start = time.perf_counter()
    time.sleep(0.05)
    slept = time.perf_counter() - start
    return {"pid": os.getpid(), "time": time.time(), "monotonic": time.monotonic(), "slept": slept,
            "left": context.get_remaining_time_in_millis(), "env": dict(os.environ)}
"""

    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("clock", {"h.py": code})
            pids = set()
            for ahead, passed in ((0.0, 0.0), (600.0, 600.0), (-50.0, 600.0), (0.5, 650.5)):
                runtime.clock.set(ahead)
                answer = await runtime.invoke(arn, {})
                assert answer["time"] == pytest.approx(time.time() + ahead, abs=0.4)
                assert answer["monotonic"] == pytest.approx(time.monotonic() + passed, abs=0.4)
                assert 4000 < answer["left"] <= 5000
                assert 0.05 <= answer["slept"] < 0.5
                assert "SANDBOX_CLOCK" not in answer["env"], "nothing of the sandbox leaks in"
                pids.add(answer["pid"])
            runtime.clock.run(1000)
            first = await runtime.invoke(arn, {})
            second = await runtime.invoke(arn, {})
            assert second["time"] - first["time"] > 50, "the 50 ms that it slept are 50 s"
            assert second["monotonic"] - first["monotonic"] < 5
            assert 4000 < second["left"] <= 5000, "it may run as long as ever"
            pids |= {first["pid"], second["pid"]}
            assert len(pids) == 1, "the instance that runs sees it"

    asyncio.run(story())


def test_half_a_character_comes_to_a_function_as_a_question_mark(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("half", {"h.py": ECHO})
            event = {"\ud83d": ["\ud83d", "\N{GRINNING FACE}"]}
            assert (await runtime.invoke(arn, event))["event"] == {"?": ["?", "\N{GRINNING FACE}"]}

    asyncio.run(story())


def test_a_function_has_the_credentials_of_its_role(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        roles = Roles()
        async with lambda_here(ports, tmp_path, roles) as (aws, runtime):
            arn = await aws.function("signer", {"h.py": ECHO})
            found = (await runtime.invoke(arn, {}))["env"]
        own = roles.credentials("arn:aws:iam::000000000000:role/r")
        assert (found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"]) == (
            own.access_key_id,
            own.secret_access_key,
        )

    asyncio.run(story())


def test_a_warm_instance_is_reused_and_a_burst_gets_a_few_of_them(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("warm", {"h.py": ECHO})
            first, second = await runtime.invoke(arn, {}), await runtime.invoke(arn, {})
            assert first["pid"] == second["pid"]
            burst = await asyncio.gather(*(runtime.invoke(arn, {"sleep": 0.05}) for _ in range(12)))
            assert 1 < len({answer["pid"] for answer in burst}) <= 4
        assert not any(alive(answer["pid"]) for answer in burst), "stop leaves no process"

    asyncio.run(story())


def test_the_timeout_of_a_function_ends_its_instance(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("slow", {"h.py": ECHO}, seconds=1)
            pid = (await runtime.invoke(arn, {}))["pid"]
            with pytest.raises(FunctionError, match=r"Task timed out after 1\.00 seconds"):
                await runtime.invoke(arn, {"sleep": 5})
            assert (await runtime.invoke(arn, {}))["pid"] != pid
            assert not alive(pid)

    asyncio.run(story())


def test_a_raised_error_comes_back_and_a_crash_costs_only_its_own_request(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("crash", {"h.py": ECHO})
            with pytest.raises(FunctionError) as raised:
                await runtime.invoke(arn, {"raise": "no"})
            assert raised.value.payload["errorType"] == "ValueError"
            assert raised.value.payload["errorMessage"] == "no"
            with pytest.raises(FunctionError, match=r"Runtime exited with error: exit status 3"):
                await runtime.invoke(arn, {"exit": 3})
            assert (await runtime.invoke(arn, {}))["event"] == {}

    asyncio.run(story())


def test_a_module_that_does_not_load_is_the_functions_error(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("broken", {"h.py": "import nowhere_to_be_found"})
            with pytest.raises(FunctionError, match="No module named 'nowhere_to_be_found'"):
                await runtime.invoke(arn, {})

    asyncio.run(story())


def test_new_code_serves_the_next_request_and_leaves_those_in_flight_alone(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        code = "import time\ndef handler(event, context):\n    time.sleep(event)\n    return '{}'"
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("changing", {"h.py": code.format("old")})
            assert await runtime.invoke(arn, 0) == "old"
            running = asyncio.ensure_future(runtime.invoke(arn, 1))
            await asyncio.sleep(0.1)
            new = package({"h.py": code.format("new")})
            await aws.call("lambda", "eu-west-1", "update_function_code", FunctionName=arn, ZipFile=new)
            assert await runtime.invoke(arn, 0) == "new"
            assert await running == "old"

    asyncio.run(story())


def answering(value: object) -> dict[str, str]:
    return {"h.py": f"def handler(event, context): return {value!r}"}


def test_a_published_version_stays_what_it_was(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("edge", answering(1), Publish=True)
            assert await runtime.invoke(f"{arn}:1", {}) == 1
            new = package(answering(2))
            await aws.call("lambda", "eu-west-1", "update_function_code", FunctionName=arn, ZipFile=new, Publish=True)
            assert await runtime.invoke(f"{arn}:1", {}) == 1
            assert await runtime.invoke(f"{arn}:2", {}) == 2
            with pytest.raises(ClientError, match="Function not found"):
                await runtime.invoke(f"{arn}:3", {})

    asyncio.run(story())


def test_a_version_that_is_first_invoked_after_a_newer_one_was_published_runs_its_own_code(
    ports: Ports, tmp_path: Path
) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("invoked-late", answering("first"), Publish=True)
            for answer in ("second", "third"):
                new = package(answering(answer))
                await aws.call("lambda", "eu-west-1", "update_function_code", FunctionName=arn, ZipFile=new)
                await aws.call("lambda", "eu-west-1", "publish_version", FunctionName=arn)
            answers = [await runtime.invoke(f"{arn}:{version}", {}) for version in (1, 2, 3)]
            assert answers == ["first", "second", "third"]
            assert await runtime.invoke(arn, {}) == "third"

    asyncio.run(story())


def test_a_function_that_was_made_anew_runs_its_new_code_under_the_old_version_number(
    ports: Ports, tmp_path: Path
) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("again", answering("old"), Publish=True)
            assert await runtime.invoke(f"{arn}:1", {}) == "old"
            await aws.call("lambda", "eu-west-1", "delete_function", FunctionName=arn)
            with pytest.raises(ClientError, match="Function not found"):
                await runtime.invoke(f"{arn}:1", {})
            await aws.function("again", answering("new"), Publish=True)
            assert await runtime.invoke(f"{arn}:1", {}) == "new"

    asyncio.run(story())


def test_a_version_whose_code_is_not_to_be_had_runs_no_other_code(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            s3 = partial(aws.call, "s3", "eu-west-1")
            place = {"LocationConstraint": "eu-west-1"}
            await s3("create_bucket", Bucket="packages", CreateBucketConfiguration=place)
            arn = await aws.function("stored", answering("uploaded"))
            for answer in ("first", "second"):
                await s3("put_object", Bucket="packages", Key="p", Body=package(answering(answer)))
                stored = {"S3Bucket": "packages", "S3Key": "p", "Publish": True}
                await aws.call("lambda", "eu-west-1", "update_function_code", FunctionName=arn, **stored)
            assert await runtime.invoke(f"{arn}:2", {}) == "second"
            with pytest.raises(NotEmulatedError, match="uploaded by way of S3"):
                await runtime.invoke(f"{arn}:1", {})

    asyncio.run(story())


def test_another_runtime_than_python_is_named_as_not_emulated(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("node", {"h.py": ECHO})
            await aws.call(
                "lambda", "eu-west-1", "update_function_configuration", FunctionName=arn, Runtime="nodejs22.x"
            )
            with pytest.raises(NotEmulatedError, match=r"the runtime nodejs22\.x"):
                await runtime.invoke(arn, {})

    asyncio.run(story())


SIZED = "def handler(event, context): return 'x' * event if isinstance(event, int) else len(event)"


def test_an_answer_or_an_event_over_6_mb_is_refused_in_lambdas_words(ports: Ports, tmp_path: Path) -> None:
    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            arn = await aws.function("sized", {"h.py": SIZED})
            assert len(await runtime.invoke(arn, 6_291_554)) == 6_291_554  # and two quotes
            with pytest.raises(FunctionError) as raised:
                await runtime.invoke(arn, 6_291_555)
            assert raised.value.payload == {
                "errorType": "Function.ResponseSizeTooLarge",
                "errorMessage": "Response payload size (6291557 bytes) exceeded maximum allowed payload size "
                "(6291556 bytes).",
            }
            assert await runtime.invoke(arn, "x" * 6_291_454) == 6_291_454
            with pytest.raises(ClientError, match=r"6291457 byte payload is too large .* \(limit 6291456 bytes\)"):
                await runtime.invoke(arn, "x" * 6_291_455)

    asyncio.run(story())


CALLER = """
import boto3
def handler(event, context): return boto3.client("sts").get_caller_identity()["Account"]
"""


def test_a_functions_aws_calls_see_neither_the_users_files_nor_a_proxy(
    ports: Ports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text("no [section\n")
    proxy = "http://127.0.0.1:1"

    async def story() -> None:
        async with lambda_here(ports, tmp_path) as (aws, runtime):
            monkeypatch.setenv("AWS_PROFILE", "of-a-former-job")
            monkeypatch.setenv("http_proxy", proxy)
            monkeypatch.delenv("no_proxy", raising=False)
            monkeypatch.delenv("NO_PROXY", raising=False)
            # Its own variables may name both: the home folder stands for what the system knows of the user.
            variables = {"HOME": str(home), "HTTP_PROXY": proxy, "NO_PROXY": "example.com"}
            arn = await aws.function("caller", {"h.py": CALLER}, seconds=20, Environment={"Variables": variables})
            assert await runtime.invoke(arn, {}) == "000000000000"

    asyncio.run(story())


KILLED = """
import asyncio, os, sys
from pathlib import Path
from sandbox.lambda_code import Release
from sandbox.lambda_instance import Instance, environment
from sandbox.roles import Roles
from sandbox.simulated_clock import SimulatedClock
async def main(code):
    release = Release("arn:aws:lambda:eu-west-1:0:function:f", "f", "1", "r", "h.handler", "python3.13", 128, 5, (),
                      "g", "Text", Path(code))
    own = Roles().credentials("r")
    variables = environment(release, region="eu-west-1", endpoint="http://127.0.0.1:1", credentials=own, extra={})
    instance = Instance(release, variables, Path(code) / "log", SimulatedClock(Path(code) / "clock"))
    await instance.start()
    print(instance._process.pid, flush=True)
    if sys.argv[2] == "busy":
        asyncio.ensure_future(instance.invoke(b'{"sleep": 60}'))
        await asyncio.sleep(0.2)
    os.kill(os.getpid(), 9)
asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_no_instance_outlives_a_killed_sandbox(state: str, tmp_path: Path) -> None:
    (tmp_path / "h.py").write_text(ECHO)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path, state],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    pid = int(killed.stdout)
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(pid)
