"""What taking a stack down destroys, by the state of its last deployment."""

from collections.abc import Mapping
from typing import Any

from cli.table_inputs import CANARY, TABLE, declared_name, listed, protection
from ops.plan import Plan

_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"  # the engine's own, of which it tells no deletion


def plan(stack: str, state: Mapping[str, Any]) -> Plan:
    """The destruction in words, with nothing to do where nothing is deployed.

    Args:
        stack: its name.
        state: as the engine exports it.
    """
    resources = (state.get("deployment") or {}).get("resources") or ()
    counted = [resource for resource in resources if not resource["type"].startswith(_PROVIDER)]
    if not counted:
        return Plan(f"destroy {stack}", (), ())
    steps = [f"Delete {len(counted)} resources."]
    if tables := _tables(counted):
        steps.append(f"Delete with them the tables and all their rows: {tables}.")
    steps += [
        f"Leave {resource['id']}, of which CloudFront has replicas for some hours: antipodes sweep deletes it then."
        for resource in counted
        if _inputs(resource).get("skipDestroy") and "id" in resource
    ]
    return Plan(f"destroy {stack}", (*_served(counted), "No record is kept: the journal goes with it."), tuple(steps))


def _tables(resources: list[Mapping[str, Any]]) -> str:
    """`comments, events in eu-west-1, us-east-1`: those that hold rows of somebody's."""
    tables = [_inputs(resource) for resource in resources if resource["type"] == TABLE]
    named = [(region, declared_name(table)) for table in tables for region in protection(table)]
    return listed((region, name) for region, name in named if name != CANARY)


def _served(resources: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Where the stack is, if its deployment came far enough to tell."""
    outputs = next((resource.get("outputs") or {} for resource in resources if resource["type"] == _STACK), {})
    if not {"url", "regions"} <= outputs.keys():
        return ()
    regions = ", ".join(f"{key} ({region})" for key, region in outputs["regions"].items())
    return (f"{outputs['url']} is served from {regions}.",)


def _inputs(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    return resource.get("inputs") or {}
