"""What AWS holds, as the data plane sees it: read through boto3, kept until a change to that service is made."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sandbox.aws import Clients

T = TypeVar("T")


class ControlPlane:
    """A cache of AWS reads that the gateway clears, a service at a time, whenever a write passes through it.

    So edges and DNS follow a deployment at once and without polling, and a warm request costs no AWS call.
    """

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self._kept: dict[str, dict[Hashable, asyncio.Future[Any]]] = {}
        self._watchers: dict[str, list[Callable[[], None]]] = {}

    def changed(self, service: str) -> None:
        """Forgets what is known of `service` (botocore's name for it, such as `route53`)."""
        self._kept.pop(service, None)
        for on_change in self._watchers.get(service, ()):
            on_change()

    def watch(self, service: str, on_change: Callable[[], None]) -> None:
        """Calls `on_change` after each change to `service`, for what cannot wait until it reads again."""
        self._watchers.setdefault(service, []).append(on_change)

    async def read(self, service: str, key: Hashable, load: Callable[[], T]) -> T:
        """The kept result of `load`, which runs in a thread; concurrent readers share one load.

        A load that a change overtakes is returned to those who wait for it, and not kept.
        """
        kept = self._kept.setdefault(service, {})
        future = kept.get(key)
        if future is None:
            future = asyncio.ensure_future(asyncio.to_thread(load))
            kept[key] = future
        try:
            return cast("T", await asyncio.shield(future))
        except Exception:
            kept.pop(key, None)
            raise
