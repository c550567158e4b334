"""A policy pack that finds nothing, and writes what the engine shows it to the file that RECORDING names.

Each message follows its kind (one byte: a resource or the stack) and its length (four bytes, big-endian).
"""

import contextlib
import os
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

_SIZE = [("grpc.max_receive_message_length", -1)]


class _Recorder(analyzer_pb2_grpc.AnalyzerServicer):
    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()

    # The protocol's method names are not Python's, and each gets a context that none needs.
    # ruff: noqa: N802, ARG002

    def Handshake(self, request: Any, context: Any) -> Any:
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetAnalyzerInfo(self, request: Any, context: Any) -> Any:
        return analyzer_pb2.AnalyzerInfo(name="recorder", version="1.0.0")

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def ConfigureStack(self, request: Any, context: Any) -> Any:
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Configure(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Remediate(self, request: Any, context: Any) -> Any:
        return analyzer_pb2.RemediateResponse()

    def Analyze(self, request: Any, context: Any) -> Any:
        return self._keep(b"R", request)

    def AnalyzeStack(self, request: Any, context: Any) -> Any:
        return self._keep(b"S", request)

    def _keep(self, kind: bytes, request: Any) -> Any:
        data = request.SerializeToString()
        with self._lock, self._file.open("ab") as file:
            file.write(kind + struct.pack(">I", len(data)) + data)
        return analyzer_pb2.AnalyzeResponse()


server = grpc.server(ThreadPoolExecutor(4), options=_SIZE)
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(_Recorder(Path(os.environ["RECORDING"])), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)  # noqa: T201 - the engine reads it
with contextlib.suppress(KeyboardInterrupt):  # which is how the engine ends a pack
    server.wait_for_termination()
