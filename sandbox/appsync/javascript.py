"""Resolvers in AppSync's JavaScript (APPSYNC_JS): request, then the data source, then response.

Source: "AWS AppSync JavaScript resolver and function reference". The language is QuickJS's, which takes more than
AppSync does: what AppSync's linter refuses passes here.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import quickjs  # type: ignore[import-untyped] # ships no types

from sandbox.appsync.errors import FieldError
from sandbox.appsync.invalidation import FILTER, INVALIDATE, misplaced

AddHeader = Callable[[str, Any], None]
Extend = Callable[[str, Any], None]

_SECONDS = 0.5  # of the processor
_MEMORY = 128 * 1024 * 1024  # a function's answer of 6 MB, as text and as values
_IMPORT = re.compile(r"""^\s*import\s*\{(?P<names>[^}]*)\}\s*from\s*['"]@aws-appsync/utils['"];?""", re.MULTILINE)
_OTHER_IMPORT = re.compile(r"""^\s*import\b.*?['"](?P<module>[^'"]+)['"]""", re.MULTILINE | re.DOTALL)

# What of @aws-appsync/utils there is; to touch anything else of it names that.
_UTILITIES = """
const refuse = (message, type = null, data = null, info = null) => {
  throw Object.assign(new Error(message), {appsync: {message, type, data, info}});
};
const only = (path, members) => new Proxy(members, {get: (own, name) => name in own || typeof name === "symbol"
  ? own[name] : refuse(`The sandbox does not emulate ${path}${name} of @aws-appsync/utils.`, "NotEmulated")});
const say = (name) => (argument) => { globalThis.said.push([name, argument ?? null]); return null; };
const addResponseHeader = (name, value) => { globalThis.headers.push([String(name ?? ""), value ?? null]); };
const extensions = only("extensions.", {
  INVALIDATE: say("INVALIDATE"),
  FILTER: say("FILTER"),
});
globalThis.utilities = only("", {extensions, util: only("util.", {
  error: refuse,
  unauthorized: () => refuse(null, "Unauthorized"),
  http: only("util.http.", {
    addResponseHeader,
    addResponseHeaders: (headers) => {
      for (const [name, value] of Object.entries(headers)) addResponseHeader(name, value);
    },
  }),
})});
""".replace("INVALIDATE", INVALIDATE).replace("FILTER", FILTER)
_RUN = """
(handler, json) => {
  const context = JSON.parse(json);
  context.args = context.arguments;
  globalThis.headers = [];
  globalThis.said = [];
  const told = {};
  try {
    told.value = resolver[handler](context) ?? null;
  } catch (error) {
    if (error === null || typeof error !== "object" || !error.appsync) throw error;
    told.refused = error.appsync;
  }
  return JSON.stringify({...told, stash: context.stash, headers: globalThis.headers, said: globalThis.said});
}
"""


class Run:
    """One run of a resolver's code for one field.

    Args:
        code: a module that exports `request` and `response`.
        context: AppSync's, without `result` and `error`. Its stash is replaced by what a handler makes of it.
        add_header: is told of each response header that a handler adds, as it was given.
        extend: is told of each call of one of the `extensions` by the response handler, where alone they may be called,
            with its argument; it raises FieldError where that one is not for this field.

    Raises:
        FieldError: the code is none that can run.
    """

    def __init__(self, code: str, context: dict[str, Any], add_header: AddHeader, extend: Extend = misplaced) -> None:
        self._run = _compiled(code)
        self._context = context
        self._add_header = add_header
        self._extend = extend

    def request(self) -> Any:
        """What the code asks of its data source.

        Raises:
            FieldError: the code says so (`util.error`), or it fails.
        """
        return self._call("request", self._context)

    def response(self, result: Any, error: FieldError | None = None) -> Any:
        """The value of the field, after the data source gave `result` or `error`.

        Raises:
            FieldError: the code says so (`util.error`), or it fails.
        """
        failed = {"error": {"message": str(error), "type": error.type}} if error else {}
        return self._call("response", {**self._context, "result": result, **failed})

    def _call(self, handler: str, context: dict[str, Any]) -> Any:
        try:
            told = json.loads(self._run(handler, json.dumps(context)))
        except quickjs.JSException as error:
            raise _broken(error) from error
        self._context["stash"] = told["stash"]
        for name, value in told["headers"]:
            self._add_header(name, value)
        refused = told.get("refused")
        if refused:
            name, parent = context["info"]["fieldName"], context["info"]["parentTypeName"]
            message = refused["message"] or f"Not Authorized to access {name} on type {parent}"
            raise FieldError(refused["type"], message, data=refused["data"], info=refused["info"])
        for extension, argument in told["said"]:
            (self._extend if handler == "response" else misplaced)(extension, argument)
        return told["value"]


@lru_cache(maxsize=64)
def _compiled(code: str) -> Any:
    """Takes the name of a handler and the context as JSON; gives what came of it as JSON."""
    context = quickjs.Context()
    context.set_memory_limit(_MEMORY)
    context.set_time_limit(_SECONDS)
    context.eval(f"(() => {{{_UTILITIES}}})()")
    try:
        module = context.module(f"{_without_imports(code)}\nglobalThis.resolver = {{request, response}};")
    except quickjs.JSException as error:
        raise _broken(error) from error
    context.set("module", module)
    context.eval("module.then(() => { globalThis.failure = ''; }, (error) => { globalThis.failure = String(error); });")
    while context.execute_pending_job():
        pass
    if context.get("failure"):
        raise FieldError("Code", context.get("failure"))
    return context.eval(_RUN)


def _broken(error: quickjs.JSException) -> FieldError:
    return FieldError("Code", str(error).partition("\n")[0])


def _without_imports(code: str) -> str:
    """Names of the utilities are bound instead; `a as b` becomes the destructuring `a: b`."""

    def bound(match: re.Match[str]) -> str:
        names = re.sub(r"\s+as\s+", ": ", match["names"])
        return f"const {{{names}}} = globalThis.utilities;"

    code = _IMPORT.sub(bound, code)
    other = _OTHER_IMPORT.search(code)
    if other:
        raise FieldError("NotEmulated", f"The sandbox does not emulate the module {other['module']} in a resolver.")
    return code
