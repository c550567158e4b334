"""AWS's own rules for the parameters of its calls, which the emulator does not enforce.

The rules are those of botocore's service models: required members, enumerations, patterns, lengths and ranges.
botocore itself enforces no pattern, no enumeration and no upper bound: AWS does, and so does this.
"""

import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import regex
from botocore.model import OperationModel, Shape

# Patterns of the models that are no regular expression outside Java: they pair UTF-16 surrogates. All of them
# mean "any text that XML allows".
NOT_COMPILABLE = frozenset(
    {
        r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*",
    }
)

# Patterns of ids that the emulator makes otherwise than AWS: it names a key value store where AWS has a UUID.
_OF_THE_EMULATOR = {
    r"arn:aws:cloudfront::[0-9]{12}:key-value-store\/[0-9a-fA-F-]{36}": (
        r"arn:aws:cloudfront::[0-9]{12}:key-value-store/[a-zA-Z0-9_-]{1,64}"
    )
}

_HOOK = "sandbox-aws-rules"
_SHOWN_VALUE = 120


class AwsRuleError(Exception):
    """AWS would refuse the call; the message lists every parameter that breaks a rule, one after the other."""


def enforce(client: Any) -> Any:
    """The client itself, whose calls now raise `AwsRuleError` before they leave; repeating it changes nothing."""
    client.meta.events.register("before-parameter-build.*", _on_call, unique_id=_HOOK)
    return client


class EnforcedClients:
    """Clients by service and region, like those it wraps, held to AWS's rules."""

    def __init__(self, clients: Any) -> None:
        self._clients = clients
        self._enforced: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str, region: str) -> Any:
        with self._lock:
            key = (service, region)
            if key not in self._enforced:
                self._enforced[key] = enforce(self._clients(service, region))
            return self._enforced[key]


def check(operation: OperationModel, parameters: dict[str, Any]) -> None:
    """Raises `AwsRuleError` with every rule of the operation that `parameters` break."""
    if operation.input_shape is None:
        return
    found = list(problems(operation.input_shape, parameters, ""))
    if found:
        service = operation.service_model.service_name
        raise AwsRuleError(f"{service} {operation.name} would be refused by AWS: " + "; ".join(found))


def problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Every rule that a value breaks: the parameter's path, the value and the rule.

    A value of another type than the shape's is left to botocore, which refuses it by itself.
    """
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            yield from _structure(shape, value, path)
        case "list" | "map" if isinstance(value, list | tuple | dict):
            yield from _size(shape, value, path)
            yield from _members(shape, value, path)
        case "string" if isinstance(value, str):
            yield from _text(shape, value, path)
        case "blob" if isinstance(value, bytes | bytearray):
            yield from _size(shape, value, path)
        case "integer" | "long" | "float" | "double" if isinstance(value, int | float):
            yield from _range(shape, value, path)


def _structure(shape: Shape, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"{_join(path, name)} is missing: it is required"
    for name, member in value.items():
        if name in shape.members and member is not None:
            yield from problems(shape.members[name], member, _join(path, name))


def _members(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and shape.type_name == "map":
        for name, member in value.items():
            yield from problems(shape.key, name, f"{path} (key)")
            yield from problems(shape.value, member, _join(path, name))
    elif shape.type_name == "list":
        for index, member in enumerate(value):
            yield from problems(shape.member, member, f"{path}[{index}]")


def _text(shape: Shape, value: str, path: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        yield f"{path} is {_show(shape, value)}: it must be one of {', '.join(shape.enum)}"
        return
    yield from _size(shape, value, path)
    pattern = shape.metadata.get("pattern")
    pattern = _OF_THE_EMULATOR.get(pattern, pattern)
    if pattern and pattern not in NOT_COMPILABLE and not compile_pattern(pattern).fullmatch(value):
        yield f"{path} is {_show(shape, value)}: it must match {pattern}"


def _size(shape: Shape, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    size = len(value)
    if low is not None and size < low:
        yield f"{path} is {_show(shape, value)}, of length {size}: it must have at least {low}"
    if high is not None and size > high:
        yield f"{path} is {_show(shape, value)}, of length {size}: it may have at most {high}"


def _range(shape: Shape, value: float, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield f"{path} is {value}: it must be at least {low}"
    if high is not None and value > high:
        yield f"{path} is {value}: it may be at most {high}"


@cache
def compile_pattern(pattern: str) -> "regex.Pattern[str]":
    """A model's pattern, as AWS applies it: to the whole text, lines included."""
    return regex.compile(pattern, regex.DOTALL)


def _show(shape: Shape, value: Any) -> str:
    if shape.metadata.get("sensitive"):
        return "(not shown)"
    text = repr(value)
    return text if len(text) <= _SHOWN_VALUE else text[:_SHOWN_VALUE] + "..."


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _on_call(params: dict[str, Any], model: OperationModel, **_: Any) -> None:
    check(model, params)
