"""Makes the changes that an edit describes to a recorded deployment; `edits/README.md` says what they mean."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from sandbox import offline, provider_types
from tests.policy import paths
from tests.policy.deployment import Deployment, Options, Resource
from tests.policy.paths import EditError, Operation

_CHANGES = {"resource", "set", "delete", "append", "replace", "unknown", "refers", "options", "remove"}
_ADDITIONS = {"type", "name", "parent", "like", "props", "refers"}


class NotThereError(EditError):
    """The deployment has no such resource: the edit does not apply to it."""


def edited(deployment: Deployment, changes: Iterable[Mapping[str, Any]]) -> Deployment:
    """The deployment with all changes made.

    Raises:
        EditError: one of them cannot be made, or changes nothing.
    """
    for change in changes:
        deployment = _added(deployment, change["add"]) if "add" in change else _changed(deployment, change)
    return deployment


def _changed(deployment: Deployment, change: Mapping[str, Any]) -> Deployment:
    if unheard := set(change) - _CHANGES:
        raise EditError(f"{', '.join(sorted(unheard))}: no such key of a change")
    found = _named(deployment, change["resource"])
    if change.get("remove"):
        return _without(deployment, {each.urn for each in found})
    made = {each.urn: _altered(each, change, deployment) for each in found}
    return Deployment(deployment.name, {**deployment.resources, **made})


def _named(deployment: Deployment, selector: str) -> list[Resource]:
    found = deployment.find(selector)
    if not found:
        raise NotThereError(f"{deployment.name} has no {selector}")
    if " " not in selector and len(found) > 1:
        raise EditError(f"{selector} is one of: {', '.join(each.name for each in found)}. Say which, or * for all.")
    return found


def _altered(resource: Resource, change: Mapping[str, Any], deployment: Deployment) -> Resource:
    before = resource
    for path, value in change.get("set", {}).items():
        resource = _at(resource, path, paths.setting(_as_sent(value)))
    for path in change.get("delete", ()):
        resource = _at(resource, path, paths.deleting)
    for path, value in change.get("append", {}).items():
        resource = _at(resource, path, paths.appending(_as_sent(value)))
    for path, (old, new) in change.get("replace", {}).items():
        resource = _at(resource, path, paths.replacing(old, new))
    for path in change.get("unknown", ()):
        resource = _at(resource, path, paths.setting(UNKNOWN_STRING_VALUE))
        key = str(paths.parse(path)[0])
        if not resource.property_dependencies.get(key):  # what is unknown depends on something
            resource = _referring(resource, {key: [_root(deployment)]})
    referred = {key: _urns(deployment, names) for key, names in change.get("refers", {}).items()}
    resource = _referring(resource, referred) if referred else resource
    options = change.get("options", {})
    told = Options(
        protect=options.get("protect", resource.options.protect),
        ignore_changes=tuple(options.get("ignoreChanges", resource.options.ignore_changes)),
    )
    resource = replace(resource, options=told) if told != resource.options else resource
    if resource is before:
        raise EditError(f"{resource.name}: nothing is changed")
    return resource


def _at(resource: Resource, path: str, operation: Operation) -> Resource:
    steps = paths.parse(path)
    key = str(steps[0])
    try:
        inputs = paths.update(resource.inputs, steps, operation)
    except EditError as error:
        raise EditError(f"{resource.name}, {path}: {error}") from None
    if inputs == resource.inputs:
        raise EditError(f"{resource.name}, {path}: nothing is changed")
    dependencies = resource.property_dependencies
    if len(steps) == 1:
        dependencies = {each: urns for each, urns in dependencies.items() if each != key}
    return replace(
        resource,
        inputs=inputs,
        outputs=_outputs(resource, key, inputs, steps, operation),
        property_dependencies=dependencies,
    )


def _outputs(
    resource: Resource, key: str, inputs: Mapping[str, Any], steps: list[paths.Step], operation: Operation
) -> Mapping[str, Any]:
    """With the same change where that can be made, so that what AWS adds beside it stays."""
    if key not in inputs:
        others = {each: value for each, value in resource.outputs.items() if each != key}
        return others | ({key: UNKNOWN_STRING_VALUE} if _is_made_by_aws(resource.type, key) else {})
    try:
        changed: Mapping[str, Any] = paths.update(resource.outputs, steps, operation)
    except EditError:
        return {**resource.outputs, key: inputs[key]}
    return changed


def _is_made_by_aws(kind: str, key: str) -> bool:
    return kind.startswith("aws:") and provider_types.outputs(kind).get(key, False)


def _referring(resource: Resource, referred: Mapping[str, list[str]]) -> Resource:
    dependencies = {**resource.property_dependencies, **{key: tuple(urns) for key, urns in referred.items()}}
    told = {key: urns for key, urns in dependencies.items() if urns}  # the engine tells of no others
    all_ = dict.fromkeys([*resource.dependencies, *(urn for urns in referred.values() for urn in urns)])
    return replace(resource, property_dependencies=told, dependencies=tuple(all_))


def _urns(deployment: Deployment, names: Iterable[str]) -> list[str]:
    found = []
    for name in names:
        named = deployment.named(name)
        if not named:
            raise NotThereError(f"{deployment.name} has no {name}")
        if len(named) > 1:
            kinds = ", ".join(each.type for each in named)
            raise EditError(f"{name} is the name of several ({kinds}): write its type before it")
        found.append(named[0].urn)
    return found


def _root(deployment: Deployment) -> str:
    return next(each.urn for each in deployment if each.type == "pulumi:pulumi:Stack")


def _without(deployment: Deployment, gone: set[str]) -> Deployment:
    left = {urn: _forgetting(each, gone) for urn, each in deployment.resources.items() if urn not in gone}
    return Deployment(deployment.name, left)


def _forgetting(resource: Resource, gone: set[str]) -> Resource:
    if gone.isdisjoint(resource.dependencies):
        return resource
    kept = {key: tuple(urn for urn in urns if urn not in gone) for key, urns in resource.property_dependencies.items()}
    return replace(
        resource,
        dependencies=tuple(urn for urn in resource.dependencies if urn not in gone),
        property_dependencies={key: urns for key, urns in kept.items() if urns},
    )


def _added(deployment: Deployment, told: Mapping[str, Any]) -> Deployment:
    if unheard := set(told) - _ADDITIONS:
        raise EditError(f"{', '.join(sorted(unheard))}: no such key of add")
    model = _named(deployment, told["like"])[0] if "like" in told else None
    kind = model.type if model else told["type"]
    (parent,) = _urns(deployment, [told["parent"]]) if "parent" in told else [model.parent if model else None]
    parent = parent or _root(deployment)
    props = {key: _as_sent(value) for key, value in told.get("props", {}).items()}
    refers = {key: tuple(_urns(deployment, names)) for key, names in told.get("refers", {}).items()}
    kept = {key: urns for key, urns in (model.property_dependencies if model else {}).items() if key not in props}
    dependencies = {key: urns for key, urns in (kept | refers).items() if urns}
    inputs = {**(model.inputs if model else {}), **dict.fromkeys(refers, UNKNOWN_STRING_VALUE), **props}
    name = told["name"]
    inputs = offline.filled_in(kind, inputs, f"{name}-1a2b3c4", "us-east-1")
    made = Resource(
        type=kind,
        name=name,
        urn=f"{'::'.join(_root(deployment).split('::')[:2])}::{kind}::{name}",
        parent=parent,
        inputs=inputs,
        outputs=offline.foreseen(kind, inputs),
        dependencies=tuple(dict.fromkeys(urn for urns in dependencies.values() for urn in urns)),
        property_dependencies=dependencies,
        provider=next((each.provider for each in deployment if each.provider), None),
    )
    if any(each.type == kind and each.name == name for each in deployment):
        raise EditError(f"there is a {kind} {name} already")
    return Deployment(deployment.name, {**deployment.resources, made.urn: made})


def _as_sent(value: Any) -> Any:
    """The engine sends every number as a fraction."""
    if isinstance(value, Mapping):
        return {key: _as_sent(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_sent(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
