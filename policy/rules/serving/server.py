"""Serves the pack to the engine, in place of pulumi-policy's own server.

That one reads the whole stack anew for each rule, 113 times: with 31 regions (1,823 resources) 17 s of the 20.6 s that
it took to judge a stack. And it takes the engine's marks off what is secret before a rule can see them. This one reads
a stack once and shows it to all rules, which then share what they find in it, too, and says of each resource by itself
what could not be judged on it. The rules are pulumi-policy's own kinds, and any host of that library serves them.
"""

import contextlib
from collections.abc import Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as messages
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.proxy import UnknownValueError

from . import reading
from .reading import Registration, Settings
from .telling import VERSION, Pack, cannot_mend

_LARGEST = 400 * 1024 * 1024  # bytes of a request, as in all of Pulumi; gRPC's own limit is 4 MB
_AT_ONCE = 4  # requests


def serve(pack: Pack) -> None:
    """Prints the port that the server listens on, for the engine, and ends when the engine says so."""
    server = grpc.server(futures.ThreadPoolExecutor(_AT_ONCE), options=[("grpc.max_receive_message_length", _LARGEST)])
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(pack), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - the engine reads it
    with contextlib.suppress(KeyboardInterrupt):
        server.wait_for_termination()


@dataclass(frozen=True)
class _Rule:
    """A rule as this stack has it."""

    policy: Any
    level: EnforcementLevel
    settings: Settings


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """The protocol, for one engine and one stack."""

    # The protocol's method names are not Python's, and each gets a context that none needs.
    # ruff: noqa: N802, ARG002

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._tags: Mapping[str, str] = {}
        self._rules = list(self._enabled({}, {}))

    def GetAnalyzerInfo(self, request: Any, context: Any) -> Any:
        return self._pack.info()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def Handshake(self, request: Any, context: Any) -> Any:
        return messages.AnalyzerHandshakeResponse()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def ConfigureStack(self, request: Any, context: Any) -> Any:
        self._tags = dict(request.tags)
        return messages.AnalyzerStackConfigureResponse()

    def Configure(self, request: Any, context: Any) -> Any:
        told = request.policyConfig
        settings = {name: reading.sent(told[name].properties) or None for name in told}
        levels = {
            name: EnforcementLevel(messages.EnforcementLevel.Name(told[name].enforcementLevel).lower()) for name in told
        }
        self._rules = list(self._enabled(settings, levels))
        return empty_pb2.Empty()

    def Analyze(self, request: Any, context: Any) -> Any:
        resource = Registration(request, reading.shown(reading.sent(request.properties)), self._tags)
        response = messages.AnalyzeResponse()
        for rule in self._of(ResourceValidationPolicy):
            response.diagnostics.extend(self._judged(rule, resource.for_rule(rule.settings)))
        return response

    def AnalyzeStack(self, request: Any, context: Any) -> Any:
        resources = reading.resources(request.resources)
        response = messages.AnalyzeResponse()
        for rule in self._of(StackValidationPolicy):
            # All are shown the same list: by this the rules know that what one has found in it holds for the others.
            shown = StackValidationArgs(resources, rule.settings, self._tags)
            response.diagnostics.extend(self._judged(rule, shown))
        return response

    def Remediate(self, request: Any, context: Any) -> Any:
        response = messages.RemediateResponse()
        mending = [rule for rule in self._of(ResourceValidationPolicy) if rule.level is EnforcementLevel.REMEDIATE]
        if not mending:
            return response
        resource = Registration(request, reading.mendable(reading.sent(request.properties)), self._tags)
        for rule in mending:
            policy = rule.policy
            if not policy.has_remediation():
                response.not_applicable.append(cannot_mend(policy))
                continue
            try:
                properties = policy.remediate(resource.for_rule(rule.settings))
            except UnknownValueError as error:
                response.remediations.append(self._pack.not_mended(policy, error))
                continue
            if properties:
                resource.properties = properties
                response.remediations.append(self._pack.mended(policy, _struct(properties)))
        return response

    def _enabled(self, settings: Mapping[str, Settings], levels: Mapping[str, EnforcementLevel]) -> Iterator[_Rule]:
        for policy in self._pack.policies:
            level = levels.get(policy.name) or policy.enforcement_level or self._pack.level
            if level is not EnforcementLevel.DISABLED:
                yield _Rule(policy, level, settings.get(policy.name))

    def _of(self, kind: type) -> list[_Rule]:
        return [rule for rule in self._rules if isinstance(rule.policy, kind)]

    def _judged(self, rule: _Rule, shown: Any) -> list[Any]:
        said: list[Any] = []

        def report(message: str, urn: str | None = None) -> None:
            said.append(self._pack.found(rule.policy, rule.level, message, urn))

        try:
            rule.policy.validate(shown, report)
        except UnknownValueError as error:
            said += self._pack.undecided(rule.policy, error)
        except Exception as error:  # noqa: BLE001 - one rule's defect must neither stop a deployment nor hide the others
            said.append(self._pack.failed(rule.policy, error))
        return said


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(serialize_properties(properties))
    return struct
