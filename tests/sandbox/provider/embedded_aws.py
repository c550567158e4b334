"""A control plane of its own for tests: emulator, gateway and provider, and an engine's way of using them."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.rpc import status_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.aws import Clients
from sandbox.emulator import Emulator
from sandbox.gateway import Gateway
from sandbox.ports import LOOPBACK
from sandbox.provider.server import Provider
from sandbox.provider.wire import to_dict, to_struct

STATIC_ASSET = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17"}
STATIC_ARCHIVE = {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7"}


def archive(**files: str) -> dict[str, Any]:
    """An AssetArchive as the engine sends it, whose hash stands for its files; `_` in a name is a dot."""
    assets = {name.replace("_", "."): STATIC_ASSET | {"text": text, "hash": text} for name, text in files.items()}
    return STATIC_ARCHIVE | {"assets": assets, "hash": json.dumps(files)}


@dataclass
class Resource:
    """A resource as an engine's state has it."""

    type: str
    name: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]

    @property
    def urn(self) -> str:
        return urn(self.type, self.name)


@dataclass
class Difference:
    """What Diff says: path -> kind of change."""

    changes: dict[str, str]
    delete_first: bool

    @property
    def replaces(self) -> bool:
        return any(kind.endswith("REPLACE") for kind in self.changes.values())


class FailedError(Exception):
    """A call's error: the engine's one line, and the id and inputs of a resource that was made all the same."""

    def __init__(self, message: str, incomplete: str | None, inputs: dict[str, Any]) -> None:
        super().__init__(message)
        self.incomplete = incomplete
        self.inputs = inputs


@dataclass
class Engine:
    """Calls a provider in the engine's order, over its real protocol."""

    stub: Any
    provider: Provider
    clients: Clients
    changed: list[str] = field(default_factory=list)
    seeds: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def check(self, type_: str, name: str, inputs: dict[str, Any], olds: dict[str, Any] | None = None) -> Any:
        return self.stub.Check(
            provider_pb2.CheckRequest(
                urn=urn(type_, name),
                news=to_struct(inputs),
                olds=to_struct(olds or {}),
                randomSeed=f"seed {next(self.seeds)}".encode(),
            )
        )

    def create(self, type_: str, logical_name: str, /, **inputs: Any) -> Resource:
        checked = self.check(type_, logical_name, inputs)
        assert not checked.failures, checked.failures
        try:
            answer = self.stub.Create(
                provider_pb2.CreateRequest(urn=urn(type_, logical_name), properties=checked.inputs)
            )
        except grpc.RpcError as error:
            raise _failed(error) from None
        return Resource(type_, logical_name, answer.id, to_dict(checked.inputs), to_dict(answer.properties))

    def preview(self, type_: str, logical_name: str, /, **inputs: Any) -> dict[str, Any]:
        checked = self.check(type_, logical_name, inputs)
        assert not checked.failures, checked.failures
        request = provider_pb2.CreateRequest(urn=urn(type_, logical_name), properties=checked.inputs, preview=True)
        return to_dict(self.stub.Create(request).properties)

    def diff(self, resource: Resource, **news: Any) -> Difference:
        answer = self.stub.Diff(
            provider_pb2.DiffRequest(
                id=resource.id,
                urn=resource.urn,
                olds=to_struct(resource.outputs),
                old_inputs=to_struct(resource.inputs),
                news=self._news(resource, news),
            )
        )
        changes = {path: provider_pb2.PropertyDiff.Kind.Name(diff.kind) for path, diff in answer.detailedDiff.items()}
        assert (answer.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(changes)
        return Difference(changes, answer.deleteBeforeReplace)

    def update(self, resource: Resource, *, preview: bool = False, **news: Any) -> Resource:
        inputs = self._news(resource, news)
        try:
            answer = self.stub.Update(
                provider_pb2.UpdateRequest(
                    id=resource.id,
                    urn=resource.urn,
                    olds=to_struct(resource.outputs),
                    old_inputs=to_struct(resource.inputs),
                    news=inputs,
                    preview=preview,
                )
            )
        except grpc.RpcError as error:
            raise _failed(error) from None
        return Resource(resource.type, resource.name, resource.id, to_dict(inputs), to_dict(answer.properties))

    def refresh(self, resource: Resource) -> Resource | None:
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                id=resource.id,
                urn=resource.urn,
                properties=to_struct(resource.outputs),
                inputs=to_struct(resource.inputs),
            )
        )
        if not answer.id:
            return None
        outputs, inputs = to_dict(answer.properties), to_dict(answer.inputs)
        return Resource(resource.type, resource.name, answer.id, inputs, outputs)

    def delete(self, resource: Resource) -> None:
        try:
            self.stub.Delete(
                provider_pb2.DeleteRequest(
                    id=resource.id,
                    urn=resource.urn,
                    properties=to_struct(resource.outputs),
                    old_inputs=to_struct(resource.inputs),
                )
            )
        except grpc.RpcError as error:
            raise _failed(error) from None

    def invoke(self, token: str, **args: Any) -> dict[str, Any]:
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=to_struct(args)))
        return to_dict(getattr(answer, "return"))

    def _news(self, resource: Resource, news: dict[str, Any]) -> Any:
        """The program's inputs with `news` in place of theirs, through Check; None takes an input away."""
        given = {k: v for k, v in (resource.inputs | news).items() if v is not None and not k.startswith("__")}
        checked = self.check(resource.type, resource.name, given, resource.inputs)
        assert not checked.failures, checked.failures
        return checked.inputs


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:test::antipodes::antipodes:index:Parent${type_}::{name}"


@contextmanager
def embedded_aws(folder: Path, **parts: Any) -> Iterator[Engine]:
    """A control plane on free ports, with these parts of its gateway; its emulator starts empty."""
    emulator_port, gateway_port, provider_port = (_free_port() for _ in range(3))
    endpoint = f"http://{LOOPBACK}:{gateway_port}"
    emulator = Emulator(emulator_port, folder / "emulator.log")
    clients = Clients(endpoint)
    provider = Provider(clients, provider_port)
    changed: list[str] = []
    gateway = Gateway(f"http://{LOOPBACK}:{emulator_port}", changed.append, **parts)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    emulator.start()
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(gateway.start(LOOPBACK, gateway_port), loop).result()
        provider.start()
        with grpc.insecure_channel(f"{LOOPBACK}:{provider_port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"region": "us-east-1"})))
            yield Engine(stub, provider, clients, changed)
    finally:
        provider.stop()
        asyncio.run_coroutine_threadsafe(gateway.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        emulator.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _failed(error: Any) -> FailedError:
    details = provider_pb2.ErrorResourceInitFailed()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            status_pb2.Status.FromString(value).details[0].Unpack(details)
    return FailedError(error.details(), details.id or None, to_dict(details.inputs))
