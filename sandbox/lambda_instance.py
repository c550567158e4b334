"""One execution environment of a Lambda function: a process, and the Runtime API that it is served from."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.aws import ENVIRONMENT
from sandbox.lambda_code import Release
from sandbox.ports import LOOPBACK
from sandbox.roles import Credentials
from sandbox.server_log import server_log
from sandbox.simulated_clock import SimulatedClock

_PROCESS = Path(__file__).with_name("lambda_process.py")
_API = "/2018-06-01/runtime/"
_INIT_SECONDS = 30.0  # Lambda allows 10; this machine may be busy with everything else
_CLOSE_SECONDS = 1.0
_LARGEST_ANSWER = 6_291_556  # bytes, "Lambda quotas": 6 MB for synchronous invocations


class FunctionError(Exception):
    """The function failed; `payload` is the error as Lambda words it: errorType, errorMessage, maybe stackTrace."""

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__(f"{payload.get('errorType')}: {payload.get('errorMessage')}")
        self.payload = payload


@dataclass(frozen=True)
class _Invocation:
    id: str
    payload: bytes
    deadline: float  # epoch seconds by this machine's clock
    result: asyncio.Future[bytes]


class Instance:
    """Runs a release's code under AWS's own runtime client, one invocation at a time."""

    def __init__(self, release: Release, environment: Mapping[str, str], log: Path, clock: SimulatedClock) -> None:
        self.release = release
        self._clock = clock
        self._sound = True  # it has answered everything that it was asked
        self._stopped = False
        self._environment = dict(environment)
        self._log = log
        self._waiting: asyncio.Queue[_Invocation] = asyncio.Queue()
        self._current: _Invocation | None = None
        self._ready = asyncio.Event()
        self._init_error: dict[str, Any] | None = None
        self._api: web.Server | None = None
        self._listener: asyncio.Server | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._exited: asyncio.Task[int] | None = None

    @property
    def usable(self) -> bool:
        """It can take the next invocation."""
        return self._sound and self._exited is not None and not self._exited.done()

    async def start(self) -> None:
        """Starts the process and waits until it asks for its first invocation.

        Raises:
            FunctionError: the function's module does not load.
        """
        self._api = web.Server(self._serve, access_log=None, handler_cancellation=True, logger=server_log)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._api, LOOPBACK, 0)
        port = self._listener.sockets[0].getsockname()[1]
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # nothing of this folder can be imported by the function
                str(_PROCESS),
                self.release.handler,
                cwd=self.release.code,
                env={
                    **self._environment,
                    **self._clock.variables,
                    "AWS_LAMBDA_RUNTIME_API": f"{LOOPBACK}:{port}",
                },
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that whatever the function starts ends with it
            )
        self._exited = asyncio.ensure_future(self._process.wait())
        ready = asyncio.ensure_future(self._ready.wait())
        try:
            await asyncio.wait({ready, self._exited}, timeout=_INIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if not self._ready.is_set():
            raise FunctionError(self._init_error or self._exit_payload("init"))

    async def invoke(self, payload: bytes) -> bytes:
        """The function's answer to `payload`, both JSON.

        Raises:
            FunctionError: the function raised, ran out of its time or ended. After the latter two, and after a
                cancellation, the instance is no longer usable.
        """
        assert self._exited is not None  # noqa: S101 - started before it is used
        timeout = self.release.timeout_seconds
        result: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        deadline = time.time() + timeout
        invocation = _Invocation(str(uuid.uuid4()), payload, deadline, result)
        self._waiting.put_nowait(invocation)
        self._sound = False
        ends: set[asyncio.Future[Any]] = {result, self._exited}
        await asyncio.wait(ends, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if result.done():
            self._sound = True
            return result.result()
        if self._exited.done():
            raise FunctionError(self._exit_payload(invocation.id))
        raise FunctionError(
            {
                "errorType": "Sandbox.Timedout",
                "errorMessage": f"RequestId: {invocation.id} Error: Task timed out after {timeout}.00 seconds",
            }
        )

    async def stop(self) -> None:
        """Ends the process and all that it started."""
        if self._stopped:
            return
        self._stopped = True
        self._sound = False
        if self._process is not None and self._exited is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._exited
        if self._listener is not None and self._api is not None:
            self._listener.close()
            await self._api.shutdown(_CLOSE_SECONDS)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        match request.method, request.path.removeprefix(_API).split("/"):
            case "GET", ["invocation", "next"]:
                self._ready.set()
                self._current = await self._waiting.get()
                return web.Response(
                    body=self._current.payload,
                    headers={
                        "Content-Type": "application/json",
                        "Lambda-Runtime-Aws-Request-Id": self._current.id,
                        "Lambda-Runtime-Deadline-Ms": str(int(self._current.deadline * 1000)),
                        "Lambda-Runtime-Invoked-Function-Arn": self.release.arn,
                        "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
                    },
                )
            case "POST", ["invocation", id_, outcome]:
                body = await request.content.read()
                current = self._current
                if current is None or current.id != id_:
                    return web.Response(status=400)
                if not current.result.done():
                    if outcome == "response" and len(body) > _LARGEST_ANSWER:
                        current.result.set_exception(FunctionError(_too_large(len(body))))
                    elif outcome == "response":
                        current.result.set_result(body)
                    else:
                        current.result.set_exception(FunctionError(json.loads(body)))
                return web.Response(status=202)
            case "POST", ["init", "error"]:
                self._init_error = json.loads(await request.content.read())
                return web.Response(status=202)
        return web.Response(status=404)

    def _exit_payload(self, id_: str) -> dict[str, Any]:
        assert self._process is not None  # noqa: S101 - started before it is used
        code = self._process.returncode
        how = (
            f"exit status {code}"
            if code is not None and code >= 0
            else f"signal: {signal.Signals(-code).name}"
            if code is not None
            else f"not ready after {_INIT_SECONDS:.0f} seconds"
        )
        return {
            "errorType": "Runtime.ExitError",
            "errorMessage": f"RequestId: {id_} Error: Runtime exited with error: {how}",
        }


def _too_large(size: int) -> dict[str, Any]:
    return {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": f"Response payload size ({size} bytes) exceeded maximum allowed payload size "
        f"({_LARGEST_ANSWER} bytes).",
    }


def environment(
    release: Release, *, region: str, endpoint: str, credentials: Credentials, extra: Mapping[str, str]
) -> dict[str, str]:
    """What the function finds in os.environ: AWS's own variables, over `extra`, over the function's own.

    `credentials` are those of the function's role.
    """
    stream = f"{time.strftime('%Y/%m/%d', time.gmtime())}/[{release.version}]{uuid.uuid4().hex}"
    return {
        **dict(release.variables),
        **extra,
        **ENVIRONMENT,
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{release.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": release.name,
        "AWS_LAMBDA_FUNCTION_VERSION": release.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(release.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": release.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": release.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "LAMBDA_TASK_ROOT": str(release.code),
        "PYTHONPATH": str(release.code),
        "_HANDLER": release.handler,
    }
