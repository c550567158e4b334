"""An AWS call as it came over the wire: which operation, of whom, where, with what parameters."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol
from urllib.parse import parse_qs, parse_qsl, unquote

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import create_parser

from sandbox import aws

# The emulator's account for every access key that is not itself an account id.
DEFAULT_ACCOUNT = "000000000000"

_CREDENTIAL = re.compile(r"Credential=([^/\s,]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_READS = (
    "BatchGet",
    "Describe",
    "Filter",
    "Get",
    "Head",
    "Invoke",
    "List",
    "Lookup",
    "Query",
    "Scan",
    "Search",
    "Test",
    "TransactGet",
)
# A service that signs with another's name is told from it by the target that its calls name.
_TARGETS = {"DynamoDBStreams_20120810": "dynamodbstreams"}


class AwsError(Exception):
    """AWS refuses the call: the error's code, its message and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Scope:
    """Whose call it is and where it goes; `service` is botocore's name."""

    account: str
    region: str
    service: str


@dataclass(frozen=True)
class Call:
    """An operation with its parameters, named as in botocore's service model; `endpoint` is where it was sent."""

    scope: Scope
    operation: str
    parameters: dict[str, Any]
    endpoint: str


class Upstream(Protocol):
    """The emulator, for an extension that has to look something up or to compose an answer."""

    async def __call__(self, scope: Scope, operation: str, **parameters: Any) -> dict[str, Any]:
        """Makes the call as `scope`'s account in its region; raises `AwsError` as AWS would."""


# None: the extension has no objection, and the emulator answers.
Handler = Callable[[Call, Upstream], Awaitable[dict[str, Any] | None]]


def in_turn(*handlers: Handler) -> Handler:
    """The first answer of these handlers; each is asked only where those before it neither answer nor refuse."""

    async def handle(call: Call, upstream: Upstream) -> dict[str, Any] | None:
        for handler in handlers:
            if (answer := await handler(call, upstream)) is not None:
                return answer
        return None

    return handle


def scope_of(authorization: str) -> Scope | None:
    """The scope that a Signature Version 4 `Authorization` header names, or None where there is none."""
    found = _CREDENTIAL.search(authorization)
    if not found:
        return None
    key, region, service = found.groups()
    account = key if re.fullmatch(r"\d{12}", key) else DEFAULT_ACCOUNT
    return Scope(account, region, _service_names().get(service, service))


def is_read(operation: str) -> bool:
    """Whether an operation of this name leaves what AWS holds as it was."""
    return operation.startswith(_READS)


def operation_of(
    service: str, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
) -> OperationModel | None:
    """The operation that a request stands for by the service's protocol, or None for one that botocore lacks."""
    prefix, _, target = headers.get("X-Amz-Target", "").rpartition(".")
    model = service_model(_TARGETS.get(prefix, service))
    if model is None:
        return None
    if model.resolved_protocol in ("json", "query"):
        name = (
            target
            if model.resolved_protocol == "json"
            else parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
        )
        return model.operation_model(name) if name in model.operation_names else None
    arguments = parse_qsl(query, keep_blank_values=True)
    for pattern, fixed, operation in _routes(service):
        if operation.http["method"] == method and pattern.fullmatch(path) and fixed <= set(arguments):
            return operation
    return None


def is_xml(service: str) -> bool:
    """Whether the service's answers and errors are XML."""
    model = service_model(service)
    return model is not None and model.protocol in ("query", "rest-xml")


def parameters_of(operation: OperationModel, path: str, query: str, body: bytes) -> dict[str, Any]:
    """What a caller of a REST or JSON protocol passed, whether it went by path, query or body."""
    payload = _payload(operation, body)
    if operation.service_model.resolved_protocol == "json" or operation.input_shape is None:
        return payload
    pattern = next(p for p, _, candidate in _routes(_name(operation)) if candidate.name == operation.name)
    match = pattern.fullmatch(path)
    labels = match.groupdict() if match else {}
    arguments = dict(parse_qsl(query))
    found: dict[str, Any] = {}
    for member, shape in operation.input_shape.members.items():
        wire = shape.serialization.get("name", member)
        where = shape.serialization.get("location")
        if where == "uri" and wire in labels:
            found[member] = unquote(labels[wire])
        elif where == "querystring" and wire in arguments:
            found[member] = arguments[wire]
        elif where is None and wire in payload:
            found[member] = payload[wire]
    return found


def _payload(operation: OperationModel, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if operation.service_model.protocol != "rest-xml":
        return dict(json.loads(body))
    # A call is written as an answer of the same shape would be, which botocore can read.
    answer = {"status_code": 200, "headers": {}, "body": body}
    return dict(create_parser("rest-xml").parse(answer, operation.input_shape))


@cache
def _session() -> Any:
    return aws.session()


@cache
def service_model(service: str) -> ServiceModel | None:
    """The description of a service in botocore, or None for one that it does not know."""
    try:
        return _session().get_service_model(service)
    except UnknownServiceError:
        return None


@cache
def _service_names() -> dict[str, str]:
    """Signing name -> botocore's service name, where they differ and the sandbox has a use for the service."""
    return {"monitoring": "cloudwatch", "states": "stepfunctions"}


def _name(operation: OperationModel) -> str:
    return str(operation.service_model.service_name)


@cache
def _routes(service: str) -> list[tuple[re.Pattern[str], frozenset[tuple[str, str]], OperationModel]]:
    """Path pattern, fixed query arguments and operation of a REST service, the most literal path first."""
    model = service_model(service)
    operations = [model.operation_model(name) for name in model.operation_names] if model else []
    routes = []
    for operation in operations:
        path, _, query = operation.http["requestUri"].partition("?")
        pattern = re.sub(r"\\\{(\w+)(\\\+)?\\\}", _label, re.escape(path))
        fixed = frozenset(parse_qsl(query, keep_blank_values=True))
        routes.append((path.count("{"), -len(fixed), re.compile(pattern + "/?"), fixed, operation))
    return [(p, fixed, operation) for _, _, p, fixed, operation in sorted(routes, key=lambda r: r[:2])]


def _label(match: re.Match[str]) -> str:
    return f"(?P<{match[1]}>{'.+' if match[2] else '[^/]+'})"
