"""What regions say of their own health, asked of each at its health endpoint."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ops.deployment import Deployment
from ops.reach import Answer, UnreachableError

HEALTHY, UNHEALTHY, UNREACHABLE = "healthy", "unhealthy", "unreachable"
_SECONDS = 3.0  # more than Route 53's checkers wait, whose verdict counts
_OK = 200


@dataclass(frozen=True)
class Health:
    """A region's answer.

    Attributes:
        status: `healthy`, `unhealthy`, or `unreachable` where it gave none.
        parts: each part's state: `ok`, `failed`, `slow` or `unknown`; none where it did not say.
        version: what is deployed there; None where it did not say.
        why: what is wrong, for people; empty where nothing is.
    """

    status: str
    parts: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None
    why: str = ""

    @property
    def is_healthy(self) -> bool:
        """Whether Route 53's checkers would think so, were they here."""
        return self.status == HEALTHY

    @property
    def told(self) -> str:
        """`unhealthy (tables failed)`."""
        return f"{self.status} ({self.why})" if self.why else self.status


def ask(deployment: Deployment, keys: Collection[str], seconds: float = _SECONDS) -> dict[str, Health]:
    """The health of the regions with these keys, all asked at once; a stack without health endpoints is told apart.

    Raises:
        OperationError: the stack has no health endpoints, of which `Deployment.told` says why.
    """
    urls = deployment.told("health")
    with ThreadPoolExecutor(max_workers=max(len(keys), 1)) as pool:
        return dict(zip(keys, pool.map(lambda key: _of(deployment, urls.get(key), seconds), keys), strict=True))


def _of(deployment: Deployment, url: str | None, seconds: float) -> Health:
    if url is None:
        return Health(UNREACHABLE, why="it has no health endpoint")
    try:
        answer = deployment.reach.send("GET", url, seconds=seconds)
    except UnreachableError as error:
        return Health(UNREACHABLE, why=error.why)
    return read(answer)


def read(answer: Answer) -> Health:
    """What an answer says. Its status counts, as it does for Route 53; its document says why."""
    document = answer.json()
    said: Mapping[str, Any] = document if isinstance(document, dict) else {}
    parts = said.get("parts")
    parts = {str(part): str(state) for part, state in parts.items()} if isinstance(parts, dict) else {}
    version = said.get("version")
    version = version if isinstance(version, str) else None
    if answer.status == _OK:
        return Health(HEALTHY, parts, version)
    bad = ", ".join(f"{part} {state}" for part, state in parts.items() if state not in ("ok", "unknown"))
    return Health(UNHEALTHY, parts, version, bad or f"HTTP {answer.status}")
