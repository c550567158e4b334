"""Resolvers in AppSync's JavaScript (APPSYNC_JS) for the data source NONE: request, then response, nothing between.

Source: "AWS AppSync JavaScript resolver and function reference". The language is QuickJS's, which takes more than
AppSync does: what AppSync's linter refuses passes here.
"""

import json
import re
from functools import lru_cache
from typing import Any

import quickjs  # type: ignore[import-untyped] # ships no types

from sandbox.appsync.errors import FieldError

_SECONDS = 0.5  # of the processor
_MEMORY = 32 * 1024 * 1024
_IMPORT = re.compile(r"""^\s*import\s*\{(?P<names>[^}]*)\}\s*from\s*['"]@aws-appsync/utils['"];?""", re.MULTILINE)
_OTHER_IMPORT = re.compile(r"""^\s*import\b.*?['"](?P<module>[^'"]+)['"]""", re.MULTILINE | re.DOTALL)

# What of @aws-appsync/utils there is; to touch anything else of it names that.
_UTILITIES = """
const refuse = (message, type = null, data = null, info = null) => {
  throw Object.assign(new Error(message), {appsync: {message, type, data, info}});
};
const only = (path, members) => new Proxy(members, {get: (own, name) => name in own || typeof name === "symbol"
  ? own[name] : refuse(`The sandbox does not emulate ${path}${name} of @aws-appsync/utils.`, "NotEmulated")});
globalThis.utilities = only("", {util: only("util.", {
  error: refuse,
  unauthorized: () => refuse(null, "Unauthorized"),
})});
"""
_RUN = """
(json) => {
  const context = JSON.parse(json);
  context.args = context.arguments;
  try {
    const asked = resolver.request(context);
    context.result = asked === undefined || asked === null ? null : asked.payload ?? null;
    return JSON.stringify({value: resolver.response(context) ?? null});
  } catch (error) {
    if (error !== null && typeof error === "object" && error.appsync) return JSON.stringify({refused: error.appsync});
    throw error;
  }
}
"""


def run(code: str, context: dict[str, Any]) -> Any:
    """The value of the field, by the resolver's code.

    Raises:
        FieldError: the code says so (`util.error`), it fails, or it is none that can run.
    """
    try:
        answer = json.loads(_compiled(code)(json.dumps(context)))
    except quickjs.JSException as error:
        raise FieldError("Code", str(error).partition("\n")[0]) from error
    refused = answer.get("refused")
    if refused:
        name, parent = context["info"]["fieldName"], context["info"]["parentTypeName"]
        message = refused["message"] or f"Not Authorized to access {name} on type {parent}"
        raise FieldError(refused["type"], message, data=refused["data"], info=refused["info"])
    return answer["value"]


@lru_cache(maxsize=64)
def _compiled(code: str) -> Any:
    """Takes the context and gives the outcome, both as JSON."""
    context = quickjs.Context()
    context.set_memory_limit(_MEMORY)
    context.set_time_limit(_SECONDS)
    context.eval(f"(() => {{{_UTILITIES}}})()")
    module = context.module(f"{_without_imports(code)}\nglobalThis.resolver = {{request, response}};")
    context.set("module", module)
    context.eval("module.then(() => { globalThis.failure = ''; }, (error) => { globalThis.failure = String(error); });")
    while context.execute_pending_job():
        pass
    if context.get("failure"):
        raise FieldError("Code", context.get("failure"))
    return context.eval(_RUN)


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
