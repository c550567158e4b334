"""Who is told of what: the subscriptions of all APIs, and the mutations that they follow."""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.appsync.plan import Plan

Key = tuple[str, str]
Deliver = Callable[[str], None]


class Registry:
    """The subscriptions of all APIs, by their region and id."""

    def __init__(self) -> None:
        self._followers: dict[tuple[Key, str], dict[Subscription, None]] = {}

    def add(self, subscription: "Subscription") -> None:
        for mutation in subscription.plan.mutations:
            self._followers.setdefault((subscription.api, mutation), {})[subscription] = None

    def remove(self, subscription: "Subscription") -> None:
        for mutation in subscription.plan.mutations:
            followers = self._followers[subscription.api, mutation]
            followers.pop(subscription, None)
            if not followers:
                del self._followers[subscription.api, mutation]

    def publish(self, api: Key, mutation: str, result: Mapping[str, Any]) -> None:
        """Tells each subscription whose arguments fit; payloads that are the same are made once."""
        payloads: dict[Hashable, str] = {}
        for subscription in list(self._followers.get((api, mutation), ())):
            plan = subscription.plan
            if plan.wants(result):
                payload = payloads.get(plan.shape)
                if payload is None:
                    payload = as_json(plan.payload(result))
                    payloads[plan.shape] = payload
                subscription.deliver(payload)


@dataclass(frozen=True, eq=False)
class Subscription:
    """One started subscription; `deliver` gets each payload as JSON, and must not block."""

    api: Key
    plan: Plan
    deliver: Deliver


def as_json(value: Any) -> str:
    """The value as clients get it; a lone surrogate, which UTF-8 does not have, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()
