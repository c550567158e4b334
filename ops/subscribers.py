"""Moving a region's WebSocket subscribers elsewhere: AppSync ends their subscriptions, and they connect again."""

from collections.abc import Mapping
from typing import Any

from ops import regional_api
from ops.deployment import Deployment


def subscriptions(outputs: Mapping[str, Any]) -> tuple[str, ...]:
    """The subscription fields of the stack's API; none where nobody can subscribe."""
    return tuple(outputs.get("subscribers", {}).get("subscriptions", ()))


def move(deployment: Deployment, key: str) -> None:
    """Ends every subscription in the region; their clients connect to where DNS leads them by now.

    AppSync closes the WebSockets too. One call a field: it takes five a request at most. Of no effect on a region that
    has no subscribers.

    Raises:
        NoAnswerError: the region is down, or its API fails.
        OperationError: its API refuses.
    """
    for field in subscriptions(deployment.outputs):
        mutation = deployment.outputs["subscribers"]["mutation"]
        document = f"mutation Move($subscription: String!) {{ {mutation}(subscription: $subscription) }}"
        regional_api.mutate(deployment, key, document, {"subscription": field})
