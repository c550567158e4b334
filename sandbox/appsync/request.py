"""A GraphQL request, and who makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.appsync.policies import Permissions


@dataclass(frozen=True)
class Request:
    """What the client asks; `headers` are the client's, with lower-case names.

    `path` (with its query string) and `body` are what a signature covers; the method is POST. `domain_name` is the
    custom domain that was called, or None at the API's own endpoint.
    """

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    headers: Mapping[str, str]
    domain_name: str | None
    path: str
    body: bytes


@dataclass(frozen=True)
class Caller:
    """Who was let in, by which of AppSync's authorization modes.

    `identity` is what resolvers see. The fields in `denied` ("Type.field") stay closed to a caller whom a Lambda
    authorizer let in; `permissions` say which fields IAM opens to a caller who signed.
    """

    mode: str
    identity: dict[str, Any]
    denied: frozenset[str] = frozenset()
    permissions: Permissions | None = None
