"""The stand-in for the official AWS provider: the Pulumi engine attaches to it instead of starting a plugin.

It speaks Pulumi's provider protocol on one side and AWS's calls on the other; what a resource type is lies in its
own file's table. Every call is held to AWS's rules before it leaves (`sandbox.aws_rules`).
"""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import grpc
from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import any_pb2, empty_pb2
from google.rpc import status_pb2
from pulumi.runtime.proto import provider_pb2

from sandbox.aws import Clients
from sandbox.aws_rules import AwsRuleError, EnforcedClients
from sandbox.provider.attached import AttachedServicer, listening
from sandbox.provider.fields import UNKNOWN, Change, UnhandledInputError
from sandbox.provider.registry import FUNCTIONS, RESOURCES
from sandbox.provider.resource import GLOBAL_REGION, IDENTITY, Aws, Properties, Resource, ResourceError
from sandbox.provider.wire import to_dict, to_struct

_STOP_SECONDS = 5
# The input in which Check keeps which others it filled in, as the official provider does.
_DEFAULTS = "__defaults"
_CONFIGURATION = {"region", "version"}
_LOG = logging.getLogger(__name__)

T = TypeVar("T")


class ProviderError(Exception):
    """What the engine is told; the message is one line that names the resource type."""


class IncompleteError(ProviderError):
    """The resource was made, but not all of it."""

    def __init__(self, id_: str, inputs: Properties, message: str) -> None:
        super().__init__(message)
        self.id = id_
        self.inputs = inputs


class Provider:
    """The gRPC server that the engine attaches to, on a loopback port."""

    def __init__(self, clients: Clients, port: int) -> None:
        self._port = port
        self._servicer = Servicer(clients)
        self._server: Any = None

    def start(self) -> None:
        self._server, _ = listening(self._servicer, self._port)

    def stop(self) -> None:
        """Ends the server when the calls under way have ended, or after five seconds."""
        if self._server is not None:
            self._server.stop(_STOP_SECONDS).wait()
            self._server = None

    def find(self, type_: str, inputs: dict[str, Any]) -> str | None:
        """The id of the resource that an interrupted create of `inputs` made, or None when it made none.

        `inputs` are those that Check returned, as the engine's state keeps them for a pending create.
        """
        return self._servicer.find(type_, inputs)


def _answered(method: Callable[..., T]) -> Callable[..., T]:
    """Turns what a call raises into the one line that the engine shows."""

    @wraps(method)
    def answer(self: "Servicer", request: Any, context: Any) -> T:
        try:
            return method(self, request, context)
        except IncompleteError as error:
            detail = any_pb2.Any()
            detail.Pack(
                provider_pb2.ErrorResourceInitFailed(
                    id=error.id,
                    properties=to_struct({**error.inputs, "id": error.id}),
                    inputs=to_struct(error.inputs),
                    reasons=[str(error)],
                )
            )
            status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[detail])
            context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except ProviderError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except Exception as error:  # noqa: BLE001 - a defect of ours: logged, and told to the engine
            _LOG.exception("%s failed", method.__name__)
            context.abort(grpc.StatusCode.INTERNAL, f"the sandbox's provider failed: {error!r}")
        raise AssertionError("abort raises")

    return answer


class Servicer(AttachedServicer):
    """Pulumi's provider protocol."""

    def __init__(self, clients: Clients) -> None:
        self._clients = EnforcedClients(clients)
        self._region = GLOBAL_REGION

    def find(self, type_: str, inputs: Properties) -> str | None:
        resource = _resource(type_)
        return _told(type_, lambda: resource.find(self._aws(resource, inputs), inputs))

    # The protocol's method names are not Python's, and each gets a context that few need.
    # ruff: noqa: N802, ARG002

    @_answered
    def CheckConfig(self, request: Any, context: Any) -> Any:
        unhandled = sorted(set(to_dict(request.news)) - _CONFIGURATION)
        failures = [
            provider_pb2.CheckFailure(
                property=name,
                reason=f"the embedded AWS does not handle the provider setting `aws:{name}`; remove it from the "
                "stack that runs on this machine",
            )
            for name in unhandled
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @_answered
    def DiffConfig(self, request: Any, context: Any) -> Any:
        same = to_dict(request.olds).get("region") == to_dict(request.news).get("region")
        kinds = provider_pb2.DiffResponse
        return kinds(changes=kinds.DIFF_NONE if same else kinds.DIFF_SOME)

    @_answered
    def Configure(self, request: Any, context: Any) -> Any:
        self._region = to_dict(request.args).get("region") or GLOBAL_REGION
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    @_answered
    def Check(self, request: Any, context: Any) -> Any:
        token = _type(request)
        resource, olds, inputs = _resource(token), to_dict(request.olds), to_dict(request.news)
        failures = [
            provider_pb2.CheckFailure(
                property=path, reason=f"the embedded AWS does not handle the input `{path}` of {token}"
            )
            for path in resource.shape.unhandled(inputs)
        ]
        seed = hashlib.sha256(request.randomSeed + request.urn.encode()).hexdigest()
        inputs[IDENTITY] = olds.get(IDENTITY) or seed[:32]
        name = resource.auto_name
        if name and inputs.get(name) is None:
            kept = olds.get(name) if name in olds.get(_DEFAULTS, []) else None
            inputs[name] = kept or f"{request.urn.rpartition('::')[2]}-{seed[32:39]}"
            inputs[_DEFAULTS] = [name]
        if resource.regional:
            inputs.setdefault("region", self._region)
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=failures)

    @_answered
    def Diff(self, request: Any, context: Any) -> Any:
        resource = _resource(_type(request))
        old, new = to_dict(request.old_inputs), to_dict(request.news)
        changes = _changes(resource, old, new, list(request.ignoreChanges))
        kinds = provider_pb2.DiffResponse
        replaces = [path for path, change in changes.items() if change.replaces]
        return kinds(
            changes=kinds.DIFF_SOME if changes else kinds.DIFF_NONE,
            hasDetailedDiff=True,
            detailedDiff={path: _property_diff(change) for path, change in changes.items()},
            diffs=sorted({_top(path) for path in changes}),
            replaces=sorted({_top(path) for path in replaces}),
            deleteBeforeReplace=bool(replaces) and _collides(resource, old, new),
        )

    @_answered
    def Create(self, request: Any, context: Any) -> Any:
        token, inputs = _type(request), to_dict(request.properties)
        resource = _resource(token)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(resource.shape.foresee(inputs, None)))
        aws = self._aws(resource, inputs)
        id_ = _told(token, lambda: resource.create(aws, inputs))

        def complete() -> Properties:
            resource.finish(aws, id_, inputs)
            return _outputs(resource, aws, id_, inputs)

        try:
            outputs = _told(token, complete)
        except ProviderError as error:
            raise IncompleteError(id_, inputs, str(error)) from error
        return provider_pb2.CreateResponse(id=id_, properties=to_struct(outputs))

    @_answered
    def Read(self, request: Any, context: Any) -> Any:
        token, given, state = _type(request), to_dict(request.inputs), to_dict(request.properties)
        resource = _resource(token)
        id_, _, region = request.id.partition("@")  # the id of an import may name the region
        if region:
            state["region"] = region
        known = {**given, **state}
        aws = self._aws(resource, known)
        actual = _told(token, lambda: resource.read(aws, id_, known))
        if actual is None:
            return provider_pb2.ReadResponse()
        outputs = resource.shape.merge(given, actual, full=True) | {"id": id_}
        inputs = resource.shape.merge(given, actual, full=False)
        return provider_pb2.ReadResponse(id=id_, properties=to_struct(outputs), inputs=to_struct(inputs))

    @_answered
    def Update(self, request: Any, context: Any) -> Any:
        token, old, new = _type(request), to_dict(request.old_inputs), to_dict(request.news)
        resource, ignored = _resource(token), list(request.ignoreChanges)
        changes = _changes(resource, old, new, ignored)
        if request.preview:
            olds = to_dict(request.olds)
            outputs = {**olds, **resource.shape.foresee(new, olds)}
            outputs |= dict.fromkeys(resource.unsettled(changes), UNKNOWN)
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))
        aws = self._aws(resource, new)

        def bring_about() -> Properties:
            due = changes or _unfinished(resource, aws, request.id, old, new, ignored)
            resource.update(aws, request.id, new, due)
            return _outputs(resource, aws, request.id, new)

        return provider_pb2.UpdateResponse(properties=to_struct(_told(token, bring_about)))

    @_answered
    def Delete(self, request: Any, context: Any) -> Any:
        token = _type(request)
        resource = _resource(token)
        known = {**to_dict(request.old_inputs), **to_dict(request.properties)}
        _told(token, lambda: resource.delete(self._aws(resource, known), request.id, known))
        return empty_pb2.Empty()

    @_answered
    def Invoke(self, request: Any, context: Any) -> Any:
        function = FUNCTIONS.get(request.tok)
        if function is None:
            raise ProviderError(f"the embedded AWS does not handle the function {request.tok}")
        args = to_dict(request.args)
        aws = Aws(self._clients, args.get("region") or self._region)
        answer = _told(request.tok, lambda: function(aws, args))
        return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})

    def _aws(self, resource: Resource, properties: Properties) -> Aws:
        own = properties.get("region") or self._region
        return Aws(self._clients, own if resource.regional else GLOBAL_REGION)


def _resource(token: str) -> Resource:
    resource = RESOURCES.get(token)
    if resource is None:
        raise ProviderError(f"the embedded AWS does not handle the resource type {token}")
    return resource


def _type(request: Any) -> str:
    """A request's resource type, which the URN holds after those of its parents."""
    return str(request.type or request.urn.split("::")[2].rpartition("$")[2])


def _told(token: str, work: Callable[[], T]) -> T:
    """The result of `work`, whose expected failures become a `ProviderError` that names the type."""
    try:
        return work()
    except ClientError as error:
        reason = error.response["Error"]
        message = f"{error.operation_name}: {reason['Code']}: {reason.get('Message', '')}"
    except UnhandledInputError as error:
        message = f"the embedded AWS does not handle the input `{'`, `'.join(error.paths)}`"
    except (AwsRuleError, BotoCoreError, ResourceError) as error:
        message = str(error)
    raise ProviderError(" ".join(f"{token}: {message}".split()))


def _changes(resource: Resource, old: Properties, new: Properties, ignored: list[str]) -> dict[str, Change]:
    found = resource.shape.inner_changes(old, new, "")
    return {path: change for path, change in found if not any(_covers(i, path) for i in ignored)}


def _unfinished(
    resource: Resource, aws: Aws, id_: str, old: Properties, new: Properties, ignored: list[str]
) -> dict[str, Change]:
    """What AWS lacks of the inputs: the engine asks for an update without changes where a create was incomplete."""
    actual = resource.read(aws, id_, old)
    if actual is None:
        return {}
    return _changes(resource, resource.shape.merge(old, actual, full=False), new, ignored)


def _covers(ignored: str, path: str) -> bool:
    return path == ignored or path.startswith((f"{ignored}.", f"{ignored}["))


def _property_diff(change: Change) -> Any:
    name = change.effect.upper() + ("_REPLACE" if change.replaces else "")
    kind = provider_pb2.PropertyDiff.Kind.Value(name)
    return provider_pb2.PropertyDiff(kind=kind, inputDiff=True)


def _collides(resource: Resource, old: Properties, new: Properties) -> bool:
    """Whether the old resource and its replacement cannot exist side by side, being of one name in one place."""
    if old.get("region") != new.get("region"):
        return False
    name = resource.auto_name
    if name and (name in new.get(_DEFAULTS, []) or old.get(name) != new.get(name)):
        return False
    try:
        before, after = (resource.identity(inputs) for inputs in (old, {**new, IDENTITY: "of its own"}))
    except KeyError:  # a part of the identity was not given before, or is not now
        return False
    return before == after if before or after else name is not None


def _outputs(resource: Resource, aws: Aws, id_: str, inputs: Properties) -> Properties:
    actual = resource.read(aws, id_, inputs)
    if actual is None:
        raise ResourceError(f"{id_} is not there after it was made: something else removed it")
    return {**resource.shape.merge(inputs, actual, full=True), "id": id_}


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
