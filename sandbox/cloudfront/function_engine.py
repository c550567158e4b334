"""Runs a CloudFront Function as CloudFront does, in QuickJS: JavaScript runtime 2.0, viewer-request events.

Every run has an engine of its own, so a function cannot keep anything from one request for another. Enforced are the
size of the code, the memory, the end of every run, and what the runtime lacks: dynamic code, timers, network, modules,
and the newer syntax (`function_language`). The compute limit is generous: CloudFront ends a function after about a
millisecond of its own hardware, which no clock here could tell. QuickJS needs a tenth of the memory for itself.

Sources: "JavaScript runtime 2.0 features for CloudFront Functions", "Helper methods for key value stores", "General
helper methods", "Restrictions on CloudFront Functions", "Quotas on CloudFront Functions" (CloudFront guide).
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from typing import Any

import quickjs  # type: ignore[import-untyped] # ships no types

from sandbox.cloudfront import function_language, origin_parameters

_CODE = 10 * 1024  # bytes
_MEMORY = 2 * 1024 * 1024
_LOG = 10 * 1024  # characters, of all lines of a run
_SECONDS = 0.25
_RUNTIME = Path(__file__).with_name("function_runtime.js").read_text(encoding="utf-8")

_log = getLogger(__name__)


class FunctionExecutionError(Exception):
    """The function does not run, fails, or gives nothing that CloudFront could go on with; the text says why."""


@dataclass(frozen=True)
class Result:
    """What the function made of the event: the request to go on with, or the response to the viewer, never both.

    Both are in the form of the event ("CloudFront Functions event structure"); whether the headers are allowed is for
    the edge location to judge. `origin` holds the parameters of `updateRequestOrigin`, None where it was not called.
    """

    request: dict[str, Any] | None
    response: dict[str, Any] | None
    origin: dict[str, Any] | None


def run(
    code: str,
    event: Mapping[str, Any],
    *,
    edge_location: Mapping[str, str] | None,
    store: Mapping[str, str] | None = None,
) -> Result:
    """What the function `code` makes of the viewer-request `event`.

    `edge_location` is what the function sees as cf.edgeLocation: name, serverIp, region; None where it sees nothing.
    `store` is the content of the function's key value store, None where it has none.

    Raises:
        FunctionExecutionError: see there.
    """
    size = len(code.encode())
    if size > _CODE:
        raise FunctionExecutionError(f"the code has {size} bytes; CloudFront takes at most {_CODE}")
    try:
        context = _load(function_language.without_imports(code), edge_location, has_store=store is not None)
        report = _finish(context, event, store or {})
    except function_language.UnsupportedError as error:
        raise FunctionExecutionError(str(error)) from error
    except quickjs.JSException as error:
        raise FunctionExecutionError(_readable(str(error))) from error
    _write("\n".join(report["lines"]))
    if "error" in report:
        raise FunctionExecutionError(_readable(report["error"]))
    return _result(report["value"], report["origin"])


def _load(code: str, edge_location: Mapping[str, str] | None, *, has_store: bool) -> Any:
    context = quickjs.Context()
    context.set_memory_limit(_MEMORY)
    context.set_time_limit(_SECONDS)
    facts = {
        "started": int(time.time() * 1000),
        "edgeLocation": edge_location and dict(edge_location),
        "hasStore": has_store,
    }
    context.eval(f"{_RUNTIME}({json.dumps(facts)})")
    loaded = context.module(f"{code}\nglobalThis.handler = handler;")
    context.set("loaded", loaded)
    context.eval("loaded.then(() => { globalThis.failure = ''; }, (error) => { globalThis.failure = String(error); });")
    while context.execute_pending_job():
        pass
    failure = context.get("failure")
    if failure:
        raise FunctionExecutionError(failure)
    return context


def _finish(context: Any, event: Mapping[str, Any], store: Mapping[str, str]) -> dict[str, Any]:
    """The run's report, once the handler has returned and its promises are kept or broken."""
    deadline = time.thread_time() + _SECONDS
    context.eval("(json) => { sandbox.start(handler, JSON.parse(json)); }")(json.dumps(event))
    asked, answer = context.eval("() => sandbox.asked()"), context.eval("(...given) => { sandbox.answer(...given); }")
    while True:
        while context.execute_pending_job():
            if time.thread_time() > deadline:  # the engine's own limit is for each job, and promises make more of them
                raise FunctionExecutionError("the function does not come to an end")
        question = asked()
        if not question:
            break
        key = json.loads(question)[1]
        answer(key in store, store.get(key))
    report: dict[str, Any] = json.loads(context.eval("sandbox.report()"))
    if not report["ended"]:
        raise FunctionExecutionError("the function waits for a promise that nothing will keep")
    return report


def _result(value: Any, origin: Any) -> Result:
    if not isinstance(value, dict):
        raise FunctionExecutionError("the function returned neither a request nor a response")
    if "statusCode" in value:
        return Result(None, value, None)
    if not {"method", "uri", "headers"} <= value.keys():
        raise FunctionExecutionError("the function returned neither a request nor a response")
    return Result(value, None, None if origin is None else _checked(origin))


def _checked(origin: Any) -> dict[str, Any]:
    faults = origin_parameters.faults(origin)
    if faults:
        raise FunctionExecutionError(f"updateRequestOrigin: {'; '.join(faults)}")
    return dict(origin)


def _readable(error: str) -> str:
    if "out of memory" in error or error == "null":  # QuickJS throws null where it has no memory for an error
        return f"the function needs more memory than the {_MEMORY} bytes it may have"
    if "interrupted" in error:
        return "the function does not come to an end"
    return error.partition("\n")[0]


def _write(text: str) -> None:
    if text:
        _log.info("%s", text[:_LOG])
