"""Where a fault is to be, as people name it, by the names that AWS has for it: regions, tables and functions."""

from collections.abc import Iterable, Mapping
from typing import Any

from cli.errors import CommandError, UsageError

EDGE = "edge"  # stands in a key's place for the edge, which is in no region of the stack
ROUTER = "router"
_FAN_OUT = "fan-out"
_ROLES = ("authorizer", "resolvers", "health")


def region(outputs: Mapping[str, Any], key: str) -> str:
    """The AWS region of a region key.

    Raises:
        UsageError: the stack has no such key.
    """
    return str(_of(outputs["regions"], key, "region key"))


def table(outputs: Mapping[str, Any], name: str) -> str:
    """The name in AWS of a table: one of api/tables.yaml, `canary`, or the name in AWS itself.

    Raises:
        UsageError: the stack has no such table.
    """
    tables = {**outputs["tables"], "canary": outputs["canaryTable"]}
    return str(name if name in tables.values() else _of(tables, name, "table"))


def function(outputs: Mapping[str, Any], key: str, name: str) -> str:
    """The name in AWS of a function of a region, or of the edge; what is no role is taken for the name in AWS itself.

    Raises:
        UsageError: the role is not there, such as the router in a region.
        CommandError: what is deployed does not say.
    """
    if (name == ROUTER) != (key == EDGE):
        raise UsageError(f"the router is the edge's function, and its only one: write `{EDGE} {ROUTER}`.")
    if key != EDGE:
        region(outputs, key)
    if name == ROUTER:
        return str(_told(outputs, "edgeRouter", f"the {ROUTER} (a stack with `router: function` has none)")["function"])
    if name == _FAN_OUT:
        of_region = _told(outputs, "fanOut", f"a {_FAN_OUT} (an API without subscriptions has none)")
        return str(of_region[key]["function"])
    if name in _ROLES:
        return str(_told(outputs, "functions", f"the function {name}")[key][name])
    return name


def roles() -> str:
    """The names of functions that mean the same in every stack, for people."""
    return ", ".join((*_ROLES, _FAN_OUT))


def _told(outputs: Mapping[str, Any], output: str, what: str) -> Any:
    if output not in outputs:
        raise CommandError(
            f"the stack's outputs do not tell of {what}. If it was deployed by an older version, run: antipodes up"
        )
    return outputs[output]


def _of(known: Mapping[str, Any], name: str, what: str) -> Any:
    if name not in known:
        raise UsageError(f"no {what} {name!r} in this stack; it has {_listed(known)}.")
    return known[name]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
