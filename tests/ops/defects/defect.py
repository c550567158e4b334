"""A defect that is planted in a deployed stack, and what `verify` has to say of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3

from ops.clients import Clients

Plant = Callable[["Stack"], AbstractContextManager[None]]


@dataclass(frozen=True)
class Stack:
    """The stack to plant it in, in the sandbox whose AWS endpoint this is."""

    sandbox: str
    clients: Clients
    outputs: Mapping[str, Any]

    @property
    def domain(self) -> str:
        return str(self.outputs["domain"])

    @contextmanager
    def fault(self, kind: str, **place: str) -> Iterator[None]:
        """A fault of the sandbox: what nobody's call on AWS would bring about."""
        self._control("PUT", "", {"kind": kind, **place})
        try:
            yield
        finally:
            self._control("DELETE", f"/{kind}", None)

    def _control(self, method: str, path: str, document: Any) -> None:
        answer = urllib3.PoolManager().request(method, f"{self.sandbox}/_sandbox/faults{path}", json=document)
        assert answer.status == 200, answer.data

    def client(self, service: str, key: str | None = None) -> Any:
        """Of the region `key`, or of us-east-1."""
        return self.clients(service, self.outputs["regions"][key] if key else "us-east-1")


@dataclass(frozen=True)
class Defect:
    """`seen` and `remedy` are parts of what is told."""

    name: str
    plant: Plant
    link: str
    region: str | None
    seen: str
    remedy: str = "antipodes up"
