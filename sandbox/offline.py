"""A stand-in for the official AWS provider with which any program can be previewed without AWS and its credentials.

It knows every resource type of pulumi-aws, and makes none: a preview tells what the program asks for, and leaves
unknown what AWS would add, such as an ARN. Of the official provider's defaults it fills in the region and the name.
"""

import hashlib
import importlib.metadata
from collections.abc import Callable
from functools import wraps
from typing import Any, Self

import grpc
from pulumi.runtime.proto import provider_pb2

from sandbox import offline_functions, provider_types
from sandbox.provider.attached import AttachedServicer, listening
from sandbox.provider.fields import UNKNOWN
from sandbox.provider.wire import to_dict, to_struct

_DEFAULT_REGION = "us-east-1"
# The inputs that the official provider fills in with the resource's logical name and seven digits, the first that a
# type has and does not require.
_AUTO_NAMED = ("name", "bucket", "identifier", "clusterIdentifier")
_DIGITS = 7
# What AWS adds to nested properties: the provider's types do not tell it from what may be given.
_ADDED_TO_MEMBERS = {"aws:dynamodb/table:Table": {"replicas": ("arn", "streamArn", "streamLabel")}}


class OfflineProvider:
    """The gRPC server that the engine attaches to, with PULUMI_DEBUG_PROVIDERS=aws:PORT. A context manager.

    Attributes:
        port: the loopback port that it listens on once it is started.
    """

    port = 0

    def start(self) -> None:
        """Listens on a port that is free."""
        self._server, self.port = listening(_Servicer(), 0)

    def stop(self) -> None:
        self._server.stop(None).wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def filled_in(token: str, inputs: dict[str, Any], name: str, region: str) -> dict[str, Any]:
    """The inputs with what Check fills in where the program gave none, the name and the region.

    Numbers that were given as texts, as a stack's config gives them, are numbers after that.
    """
    taken = provider_types.inputs(token)
    numbers = provider_types.numbers(token) if taken else {}
    filled = {key: _number(value, numbers[key]) if key in numbers else value for key, value in inputs.items()}
    key = next((each for each in _AUTO_NAMED if taken.get(each) is False), None)
    if key and key not in inputs and f"{key}Prefix" not in inputs:
        filled[key] = name
    if "region" in taken:
        filled.setdefault("region", region)
    return filled


def _number(value: Any, kind: type) -> Any:
    if not isinstance(value, str) or value == UNKNOWN:
        return value
    if kind is bool:
        return {"true": True, "false": False}.get(value.lower(), value)
    try:
        return kind(value)
    except ValueError:
        return value


def foreseen(token: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The outputs of a resource that has yet to be made."""
    foreseen = {key: UNKNOWN for key, always in provider_types.outputs(token).items() if always} | inputs
    for key, added in _ADDED_TO_MEMBERS.get(token, {}).items():
        if isinstance(inputs.get(key), list):
            foreseen[key] = [dict.fromkeys(added, UNKNOWN) | member for member in inputs[key]]
    return foreseen


class _OfflineError(Exception):
    """What the engine is told."""


def _answered(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def answer(self: "_Servicer", request: Any, context: Any) -> Any:
        try:
            return method(self, request, context)
        except (_OfflineError, offline_functions.UnansweredError) as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except provider_types.UnknownTypeError as error:
            version = importlib.metadata.version("pulumi-aws")
            context.abort(grpc.StatusCode.UNKNOWN, f"pulumi-aws {version} has no resource type {error}")

    return answer


class _Servicer(AttachedServicer):
    """Pulumi's provider protocol. Each provider of a program has a connection of its own, by which it is known here."""

    # The protocol's method names are not Python's, and each gets a context that few need.
    # ruff: noqa: N802, ARG002

    def __init__(self) -> None:
        self._regions: dict[str, str] = {}  # by connection

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        self._regions[context.peer()] = to_dict(request.args).get("region") or _DEFAULT_REGION
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    @_answered
    def Check(self, request: Any, context: Any) -> Any:
        olds, news = to_dict(request.olds), to_dict(request.news)
        inputs = filled_in(_type(request), news, _auto_name(request), self._region(context))
        kept = {key: olds[key] for key in _AUTO_NAMED if key in inputs and key not in news and key in olds}
        return provider_pb2.CheckResponse(inputs=to_struct(inputs | kept))

    @_answered
    def Diff(self, request: Any, context: Any) -> Any:
        old, new = to_dict(request.old_inputs), to_dict(request.news)
        changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        kinds = provider_pb2.DiffResponse
        return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE, diffs=changed)

    @_answered
    def Create(self, request: Any, context: Any) -> Any:
        if not request.preview:
            raise _OfflineError(_MAKES_NOTHING)
        return provider_pb2.CreateResponse(properties=to_struct(foreseen(_type(request), to_dict(request.properties))))

    @_answered
    def Update(self, request: Any, context: Any) -> Any:
        if not request.preview:
            raise _OfflineError(_MAKES_NOTHING)
        outputs = {**to_dict(request.olds), **to_dict(request.news)}
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @_answered
    def Delete(self, request: Any, context: Any) -> Any:
        raise _OfflineError(_MAKES_NOTHING)

    @_answered
    def Read(self, request: Any, context: Any) -> Any:
        known = {**to_dict(request.inputs), **to_dict(request.properties), "id": request.id}
        made_up = {
            key: _made_up(key, request.id) for key, always in provider_types.outputs(_type(request)).items() if always
        }
        return provider_pb2.ReadResponse(
            id=request.id, properties=to_struct(made_up | known), inputs=to_struct(to_dict(request.inputs))
        )

    @_answered
    def Invoke(self, request: Any, context: Any) -> Any:
        args = to_dict(request.args)
        answer = offline_functions.answer(request.tok, args, args.get("region") or self._region(context))
        return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})

    def _region(self, context: Any) -> str:
        return self._regions.get(context.peer(), _DEFAULT_REGION)


_MAKES_NOTHING = "the offline provider previews and makes nothing: deploy with the official AWS provider"


def _type(request: Any) -> str:
    """A request's resource type, which the URN holds after those of its parents."""
    return str(request.type or request.urn.split("::")[2].rpartition("$")[2])


def _auto_name(request: Any) -> str:
    seed = hashlib.sha256(request.randomSeed + request.urn.encode()).hexdigest()
    return f"{request.urn.rpartition('::')[2]}-{seed[:_DIGITS]}"


def _made_up(key: str, id_: str) -> str:
    """An output of a resource that the program does not make but reads; a preview shows it nowhere."""
    return f"arn:aws:offline:::{id_}" if key.lower().endswith("arn") else f"{key} of {id_}"
