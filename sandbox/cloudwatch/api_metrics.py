"""What AppSync measures of its GraphQL APIs.

Names, units and the one dimension: "Using CloudWatch to monitor and log GraphQL API data" in the AWS AppSync Developer
Guide.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.appsync.errors import RefusedError
from sandbox.appsync.plan import RefusedSubscriptionError
from sandbox.cloudwatch.store import Metric, MetricStore

_NAMESPACE, _DIMENSION = "AWS/AppSync", "GraphQLAPIId"
_MILLISECONDS = 1000.0
_SERVER_ERROR = 500

Key = tuple[str, str]  # an API's region and its id


class ApiMetrics:
    """Counts for all APIs, by their keys."""

    def __init__(self, store: MetricStore | None = None) -> None:
        self._store = store or MetricStore()
        self._connections: Counter[Key] = Counter()
        self._subscriptions: Counter[Key] = Counter()
        self._store.gauges.append(self._active)

    @contextmanager
    def request(self, api: Key) -> Iterator[None]:
        """Surrounds a query or a mutation over HTTP: what goes wrong with a field is no error of the request."""
        began = time.perf_counter()
        try:
            yield
        except RefusedError as refused:
            self.count(api, "4XXError" if refused.status < _SERVER_ERROR else "5XXError")
            raise
        except ConnectionError:
            raise  # the client went away
        except Exception:
            self.count(api, "5XXError")
            raise
        finally:
            self.count(api, "Requests")
            self.count(api, "Latency", (time.perf_counter() - began) * _MILLISECONDS)

    @contextmanager
    def refusals(self, api: Key, name: str) -> Iterator[None]:
        """Counts by this name what surrounded code refuses its client."""
        try:
            yield
        except (RefusedError, RefusedSubscriptionError):
            self.count(api, name)
            raise

    @contextmanager
    def connection(self, api: Key) -> Iterator[None]:
        """Surrounds a real-time connection that was let in."""
        began = time.perf_counter()
        self.count(api, "ConnectSuccess")
        self._connections[api] += 1
        try:
            yield
        finally:
            self._connections[api] -= 1
            self.count(api, "DisconnectSuccess")
            self.count(api, "ConnectionDuration", (time.perf_counter() - began) * _MILLISECONDS)

    def subscribed(self, api: Key) -> None:
        self.count(api, "SubscribeSuccess")
        self._subscriptions[api] += 1

    def unsubscribed(self, api: Key) -> None:
        self.count(api, "UnsubscribeSuccess")
        self._subscriptions[api] -= 1

    def published(self, api: Key, size: int) -> None:
        """A message of `size` bytes went to a subscriber."""
        self.count(api, "PublishDataMessageSuccess")
        self.count(api, "PublishDataMessageSize", size)

    def count(self, api: Key, name: str, value: float = 1.0) -> None:
        self._store.record(_metric(api, name), value)

    def _active(self) -> Iterator[tuple[Metric, float]]:
        """Of an API that nobody ever connected to there is nothing to tell."""
        for name, counted in (("ActiveConnections", self._connections), ("ActiveSubscriptions", self._subscriptions)):
            for api, number in counted.items():
                yield _metric(api, name), number


def _metric(api: Key, name: str) -> Metric:
    return Metric(api[0], _NAMESPACE, name, ((_DIMENSION, api[1]),))
