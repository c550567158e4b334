"""The pack's own process, as the engine starts it and talks to it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as messages
from pulumi.runtime.proto import analyzer_pb2_grpc

from policy.rules import POLICIES
from tests.policy.deployment import Deployment, Resource
from tests.policy.judge import Config, Finding, Level, level_of

PACK = Path(__file__).resolve().parents[2] / "policy"

_DESCRIPTIONS = {policy.name: policy.description for policy in POLICIES}
_SIZE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_UNDECIDED = "during preview: "


class Analyzer:
    """The pack's server."""

    def __init__(self, stub: analyzer_pb2_grpc.AnalyzerStub) -> None:
        self._stub = stub

    def info(self) -> messages.AnalyzerInfo:
        told: messages.AnalyzerInfo = self._stub.GetAnalyzerInfo(empty_pb2.Empty())
        return told

    def judge(self, deployment: Deployment, config: Config | None = None) -> list[Finding]:
        """Makes the engine's calls at a preview: configure, each resource, then the stack."""
        self._configure(config or {})
        answers = [self._stub.Analyze(_request(each, deployment)) for each in deployment]
        stack = [_resource(each, deployment) for each in deployment]
        answers.append(self._stub.AnalyzeStack(messages.AnalyzeStackRequest(resources=stack)))
        return [_finding(each) for answer in answers for each in answer.diagnostics]

    def mend(self, resource: Resource, deployment: Deployment, config: Config) -> Any:
        """The engine's call before it judges a resource, and the answer as it comes."""
        self._configure(config)
        return self._stub.Remediate(_request(resource, deployment))

    def _configure(self, config: Config) -> None:
        self._stub.ConfigureStack(
            messages.AnalyzerStackConfigureRequest(stack="dev", project="antipodes", dry_run=True)
        )
        settings = {name: _settings(name, told) for name, told in config.items()}
        self._stub.Configure(messages.ConfigureAnalyzerRequest(policyConfig=settings))


@contextmanager
def running_analyzer(pack: Path = PACK) -> Iterator[Analyzer]:
    """Starts a pack as the engine does; it prints the port that it listens on."""
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    with subprocess.Popen(command, cwd=pack, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            assert port.isdigit(), "the pack did not start"
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=_SIZE) as channel:
                yield Analyzer(analyzer_pb2_grpc.AnalyzerStub(channel))
        finally:
            process.kill()


def _finding(told: Any) -> Finding:
    if _UNDECIDED in told.message and told.message.startswith("can't run policy"):
        return Finding(told.policyName, "undecided", told.message.partition(_UNDECIDED)[2], told.urn)
    level: Level = "mandatory" if told.enforcementLevel == messages.MANDATORY else "advisory"
    return Finding(told.policyName, level, told.message.removeprefix(f"{_DESCRIPTIONS[told.policyName]}\n"), told.urn)


def _settings(name: str, told: Mapping[str, Any]) -> messages.PolicyConfig:
    (policy,) = [each for each in POLICIES if each.name == name]
    level = level_of(policy, {name: told}).value
    properties = {key: value for key, value in told.items() if key != "enforcementLevel"}
    return messages.PolicyConfig(
        enforcementLevel=messages.EnforcementLevel.Value(level.upper()), properties=_struct(properties)
    )


def _request(resource: Resource, deployment: Deployment) -> messages.AnalyzeRequest:
    return messages.AnalyzeRequest(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=_struct(resource.inputs),
        options=_options(resource),
        provider=_provider(resource, deployment),
    )


def _resource(resource: Resource, deployment: Deployment) -> messages.AnalyzerResource:
    return messages.AnalyzerResource(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=_struct(resource.outputs),
        options=_options(resource),
        provider=_provider(resource, deployment),
        parent=resource.parent or "",
        dependencies=resource.dependencies,
        propertyDependencies={
            key: messages.AnalyzerPropertyDependencies(urns=urns)
            for key, urns in resource.property_dependencies.items()
        },
    )


def _options(resource: Resource) -> messages.AnalyzerResourceOptions:
    return messages.AnalyzerResourceOptions(
        protect=resource.options.protect,
        ignoreChanges=resource.options.ignore_changes,
        parent=resource.parent or "",
    )


def _provider(resource: Resource, deployment: Deployment) -> messages.AnalyzerProviderResource | None:
    provider = deployment.resources.get(resource.provider or "")
    if provider is None:
        return None
    return messages.AnalyzerProviderResource(
        type=provider.type, name=provider.name, urn=provider.urn, properties=_struct(provider.inputs)
    )


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct
