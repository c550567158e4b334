"""What a provider that the engine attaches to says in place of the official AWS provider, whatever it then does."""

import importlib.metadata
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.ports import LOOPBACK

_THREADS = 16


class AttachedServicer(provider_pb2_grpc.ResourceProviderServicer):
    """The calls of Pulumi's provider protocol by which the engine gets to know a provider, and lets it go."""

    # The protocol's method names are not Python's, and each gets a context that few need.
    # ruff: noqa: N802, ARG002

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi-aws"))

    def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema='{"name": "aws"}')

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


def listening(servicer: AttachedServicer, port: int) -> tuple[Any, int]:
    """A started server of `servicer` on a loopback port, and that port: a free one where `port` is 0."""
    server = grpc.server(
        ThreadPoolExecutor(_THREADS, thread_name_prefix="provider"),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    bound = server.add_insecure_port(f"{LOOPBACK}:{port}")
    server.start()
    return server, bound
