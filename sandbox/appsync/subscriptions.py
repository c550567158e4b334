"""Who is told of what: the subscriptions of all APIs, and the mutations that they follow."""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.appsync.invalidation import Invalidation
from sandbox.appsync.plan import Plan
from sandbox.cloudwatch.api_metrics import ApiMetrics

Key = tuple[str, str]
Deliver = Callable[[str], None]
End = Callable[[], None]
_Index = dict[tuple[Key, str], "dict[Subscription, None]"]


class Registry:
    """The subscriptions of all APIs, by their region and id."""

    def __init__(self, metrics: ApiMetrics | None = None) -> None:
        self._metrics = metrics or ApiMetrics()
        self._followers: _Index = {}
        self._of_field: _Index = {}

    def add(self, subscription: "Subscription") -> None:
        for index, name in self._places(subscription):
            index.setdefault((subscription.api, name), {})[subscription] = None
        self._metrics.subscribed(subscription.api)

    def remove(self, subscription: "Subscription") -> None:
        """Nobody tells it of anything from now on; does nothing for one that is not there."""
        if subscription not in self._of_field.get((subscription.api, subscription.plan.field.name), ()):
            return
        self._metrics.unsubscribed(subscription.api)
        for index, name in self._places(subscription):
            known = index.get((subscription.api, name), {})
            known.pop(subscription, None)
            if not known:
                index.pop((subscription.api, name), None)

    def _places(self, subscription: "Subscription") -> Iterator[tuple[_Index, str]]:
        for mutation in subscription.plan.mutations:
            yield self._followers, mutation
        yield self._of_field, subscription.plan.field.name

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
                self._metrics.published(api, len(payload))

    def invalidate(self, api: Key, invalidation: Invalidation) -> None:
        """Ends the subscriptions that a mutation ends."""
        for subscription in list(self._of_field.get((api, invalidation.field), ())):
            if subscription.plan.can_be_ended_by(invalidation):
                subscription.end()


@dataclass(frozen=True, eq=False)
class Subscription:
    """One started subscription; `deliver` gets each payload as JSON, `end` is called to end it, and neither blocks."""

    api: Key
    plan: Plan
    deliver: Deliver
    end: End


def as_json(value: Any) -> str:
    """The value as clients get it; a lone surrogate, which UTF-8 does not have, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()
