"""A GraphQL request, and who makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    """What the client asks; `headers` are the client's, with lower-case names."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    headers: Mapping[str, str]
    domain_name: str


@dataclass(frozen=True)
class Caller:
    """Who was let in: the `identity` that resolvers see, and the fields ("Type.field") that stay closed to them."""

    identity: dict[str, Any]
    denied: frozenset[str] = frozenset()
