"""Errors in AppSync's own words, the same over HTTP and in real time."""

from collections.abc import Sequence
from typing import Any


class FieldError(Exception):
    """A field has no value; clients get the type, the message, and what a resolver's code added to them."""

    def __init__(self, type_: str | None, message: str, *, data: Any = None, info: Any = None) -> None:
        super().__init__(message)
        self.type = type_
        self.data = data
        self.info = info


class RefusedError(Exception):
    """Nothing is executed: over HTTP, the answer has this status and this error."""

    def __init__(self, type_: str, message: str, status: int) -> None:
        super().__init__(message)
        self.type = type_
        self.status = status


class UnauthorizedError(RefusedError):
    """The caller may not use the API."""

    def __init__(
        self,
        type_: str = "UnauthorizedException",
        message: str = "You are not authorized to make this call.",
        status: int = 401,
    ) -> None:
        super().__init__(type_, message, status)


class MalformedRequestError(RefusedError):
    """The request is none that could be executed; the message is AppSync's."""

    def __init__(self, message: str) -> None:
        super().__init__("MalformedHttpRequestException", message, 400)


class NotEmulatedError(RefusedError):
    """The API has something that the sandbox lacks; the message names it."""

    def __init__(self, message: str) -> None:
        super().__init__("NotEmulated", message, 501)


def not_authorized(parent: str, field: str) -> FieldError:
    """The caller may use the API, but not this field."""
    return FieldError("Unauthorized", f"Not Authorized to access {field} on type {parent}")


def field_error(
    error: FieldError, path: Sequence[str | int] | None, locations: list[dict[str, Any]] | None
) -> dict[str, Any]:
    return {
        "path": path,
        "data": error.data,
        "errorType": error.type,
        "errorInfo": error.info,
        "locations": locations,
        "message": str(error),
    }


def null_error(type_: str, parent: str, path: Sequence[str | int]) -> dict[str, Any]:
    """A field of the non-null `type_` has no value."""
    where = "/".join(map(str, path))
    message = f"Cannot return null for non-nullable type: '{type_}' within parent '{parent}' (/{where})"
    return {"path": path, "locations": None, "message": message}
