"""What the engine sends, as pulumi-policy shows it to rules, but for secrets: those stay marked."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf import json_format
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
)
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import unknown_checking_proxy

from ..shared.marks import keeping

Settings = Mapping[str, Any] | None


def shown(properties: Mapping[str, Any]) -> Any:
    """The properties, as they were sent, for rules that judge: texts that are secret are marked."""
    return unknown_checking_proxy(deserialize_properties(keeping(properties)))


def mendable(properties: Mapping[str, Any]) -> Any:
    """The same for rules that mend: what is written over a secret, or left, is one again when it is sent back."""
    return unknown_checking_proxy(deserialize_properties(dict(properties), proxy_secrets=True))


def sent(struct: Any) -> dict[str, Any]:
    """The members of a message's `struct`."""
    members: dict[str, Any] = json_format.MessageToDict(struct)
    return members


class Registration:
    """One resource before it is made, read once for all rules.

    Attributes:
        properties: as the rules see them; a rule that mends changes them for those after it.
    """

    def __init__(self, request: Any, properties: Any, tags: Mapping[str, str]) -> None:
        self._request, self._tags, self.properties = request, tags, properties
        self._options, self._provider = _options(request), _provider(request)

    def for_rule(self, settings: Settings) -> ResourceValidationArgs:
        """As a rule with these settings is shown it."""
        told = self._request
        return ResourceValidationArgs(
            told.type, self.properties, told.urn, told.name, self._options, self._provider, settings, self._tags
        )


def resources(sent_resources: Iterable[Any]) -> list[PolicyResource]:
    """A stack's resources; parents and dependencies that the engine does not show are left out."""
    told = list(sent_resources)
    made = {
        each.urn: PolicyResource(
            each.type, shown(sent(each.properties)), each.urn, each.name, _options(each), _provider(each), None, [], {}
        )
        for each in told
    }
    for each in told:
        resource = made[each.urn]
        resource.parent = made.get(each.parent)
        resource.dependencies = [made[urn] for urn in each.dependencies if urn in made]
        resource.property_dependencies = {
            key: [made[urn] for urn in needed.urns if urn in made] for key, needed in each.propertyDependencies.items()
        }
    return list(made.values())


def _options(told: Any) -> PolicyResourceOptions:
    options, timeouts = told.options, told.options.customTimeouts
    return PolicyResourceOptions(
        protect=options.protect,
        ignore_changes=list(options.ignoreChanges),
        delete_before_replace=options.deleteBeforeReplace if options.deleteBeforeReplaceDefined else None,
        aliases=list(options.aliases),
        custom_timeouts=PolicyCustomTimeouts(timeouts.create, timeouts.update, timeouts.delete),
        additional_secret_outputs=list(options.additionalSecretOutputs),
        parent=options.parent or None,
    )


def _provider(told: Any) -> PolicyProviderResource | None:
    if not told.HasField("provider"):
        return None
    provider = told.provider
    return PolicyProviderResource(provider.type, shown(sent(provider.properties)), provider.urn, provider.name)
