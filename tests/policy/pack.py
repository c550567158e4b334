"""The policy pack, run on a deployment in each of the ways in which it is run."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as messages
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from policy.rules import POLICIES
from tests.policy.deployment_old import Deployment, Shape, inputs, outputs, urn

PACK = Path(__file__).resolve().parents[2] / "policy"

Config = Mapping[str, Mapping[str, Any]]
"""Policy name -> its settings."""


@dataclass(frozen=True)
class Finding:
    """What a policy said; one that is not mandatory blocks nothing."""

    policy: str
    message: str
    mandatory: bool


Judge = Callable[..., list[Finding]]
"""judge(deployment, shape, config={}): what the pack finds in the deployment."""


def judge_in_process(deployment: Deployment, shape: Shape, config: Config | None = None) -> list[Finding]:
    """Calls each policy's validate(), with the guard against unknown values that the pack's server puts on."""
    findings: list[Finding] = []
    config = config or {}
    for policy in POLICIES:

        def report(message: str, _urn: str | None = None, name: str = policy.name) -> None:
            findings.append(Finding(name, message, mandatory=True))

        try:
            if isinstance(policy, StackValidationPolicy):
                resources = policy_resources(deployment, shape)
                policy.validate(StackValidationArgs(resources, config.get(policy.name)), report)
            elif isinstance(policy, ResourceValidationPolicy):
                for args in resource_arguments(deployment, shape):
                    policy.validate(args, report)
        except UnknownValueError as error:
            findings.append(Finding(policy.name, error.message, mandatory=False))
    return findings


def resource_arguments(deployment: Deployment, shape: Shape) -> Iterator[ResourceValidationArgs]:
    for name, resource in deployment.items():
        props = unknown_checking_proxy(inputs(name, deployment, shape))
        yield ResourceValidationArgs(resource.type, props, urn(name, deployment), name, _OPTIONS, None)


def policy_resources(deployment: Deployment, shape: Shape) -> list[PolicyResource]:
    made = {
        name: PolicyResource(
            resource.type,
            unknown_checking_proxy(outputs(name, deployment, shape)),
            urn(name, deployment),
            name,
            _OPTIONS,
            _policy_provider(resource.provider, deployment, shape),
            None,
            [],
            {},
        )
        for name, resource in deployment.items()
    }
    for name, resource in deployment.items():
        for key in resource.inputs:
            made[name].property_dependencies[key] = [made[each] for each in resource.references(key)]
    return list(made.values())


class Analyzer:
    """The pack's own server, as the engine talks to it."""

    def __init__(self, stub: analyzer_pb2_grpc.AnalyzerStub) -> None:
        self._stub = stub

    def info(self) -> messages.AnalyzerInfo:
        told: messages.AnalyzerInfo = self._stub.GetAnalyzerInfo(empty_pb2.Empty())
        return told

    def judge(self, deployment: Deployment, shape: Shape, config: Config | None = None) -> list[Finding]:
        """Makes the engine's calls: configure, each resource, then the stack."""
        self._stub.ConfigureStack(
            messages.AnalyzerStackConfigureRequest(stack="dev", project="antipodes", dry_run=shape is Shape.PREVIEW)
        )
        settings = {
            name: messages.PolicyConfig(enforcementLevel=messages.MANDATORY, properties=_struct(properties))
            for name, properties in (config or {}).items()
        }
        self._stub.Configure(messages.ConfigureAnalyzerRequest(policyConfig=settings))
        answers = [
            self._stub.Analyze(
                messages.AnalyzeRequest(
                    type=resource.type,
                    properties=_struct(inputs(name, deployment, shape)),
                    urn=urn(name, deployment),
                    name=name,
                )
            )
            for name, resource in deployment.items()
        ]
        stack = [_analyzer_resource(name, deployment, shape) for name in deployment]
        answers.append(self._stub.AnalyzeStack(messages.AnalyzeStackRequest(resources=stack)))
        return [
            Finding(each.policyName, each.message, each.enforcementLevel == messages.MANDATORY)
            for answer in answers
            for each in answer.diagnostics
        ]


@contextmanager
def running_analyzer() -> Iterator[Analyzer]:
    """Starts the pack as the engine does; it prints the port that it listens on."""
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    with subprocess.Popen(command, cwd=PACK, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            assert port.isdigit(), "the pack did not start"
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Analyzer(analyzer_pb2_grpc.AnalyzerStub(channel))
        finally:
            process.kill()


_OPTIONS = PolicyResourceOptions(
    protect=False,
    ignore_changes=[],
    delete_before_replace=None,
    aliases=[],
    custom_timeouts=PolicyCustomTimeouts(0, 0, 0),
    additional_secret_outputs=[],
)


def _policy_provider(name: str | None, deployment: Deployment, shape: Shape) -> PolicyProviderResource | None:
    if name is None:
        return None
    props = unknown_checking_proxy(inputs(name, deployment, shape))
    return PolicyProviderResource(deployment[name].type, props, urn(name, deployment), name)


def _analyzer_resource(name: str, deployment: Deployment, shape: Shape) -> messages.AnalyzerResource:
    resource = deployment[name]
    dependencies = {
        key: messages.AnalyzerPropertyDependencies(urns=[urn(each, deployment) for each in resource.references(key)])
        for key in resource.inputs
    }
    provider = resource.provider and messages.AnalyzerProviderResource(
        type=deployment[resource.provider].type,
        properties=_struct(inputs(resource.provider, deployment, shape)),
        urn=urn(resource.provider, deployment),
        name=resource.provider,
    )
    return messages.AnalyzerResource(
        type=resource.type,
        properties=_struct(outputs(name, deployment, shape)),
        urn=urn(name, deployment),
        name=name,
        provider=provider or None,
        propertyDependencies=dependencies,
    )


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct
