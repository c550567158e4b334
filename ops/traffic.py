"""What clients still ask of a region, by its own CloudWatch.

Source: "Using CloudWatch to monitor and log GraphQL API data" in the AWS AppSync Developer Guide. AppSync counts every
request, so what the project's own functions send is taken off: they tell how many they sent, by the metrics `Probes`
(health) and `Publications` (fan-out).
"""

import math
from dataclasses import dataclass

from ops import metrics
from ops.deployment import Deployment

# Requests of our own that one metric has in this minute, and the other in the next: a few, and of a batch some.
_FEW = 2
_SHARE = 0.02


@dataclass(frozen=True)
class Traffic:
    """One minute of a region.

    Attributes:
        connections: WebSockets that were open.
        requests: what clients asked.
        own: what the project's own functions asked.
        begun: when the minute began, in seconds since 1970.
    """

    connections: float
    requests: float
    own: float
    begun: float

    @property
    def has_ended(self) -> bool:
        """Whether nobody asks any more, as far as clients' requests can be told from our own."""
        return self.connections == 0 and self.requests <= _FEW + _SHARE * self.own

    @property
    def told(self) -> str:
        """`3 WebSockets and 12 requests a minute`."""
        return f"{self.connections:g} WebSockets and {max(self.requests, 0):g} requests a minute"


def latest(deployment: Deployment, key: str, since: float, now: float) -> Traffic | None:
    """The latest whole minute after `since` that CloudWatch has figures of; None where there is none yet.

    On AWS that takes some minutes. A metric without a figure is 0 where AppSync has one of requests, of which the
    health function alone makes some every minute. Both times are seconds since 1970.

    Raises:
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError: CloudWatch does not answer.
    """
    period = metrics.minute(deployment)
    start, end = math.ceil(since / period) * period, math.floor(now / period) * period
    if end <= start:
        return None
    api = {"GraphQLAPIId": deployment.told("apis")[key]["id"]}
    place = {"Domain": deployment.outputs["domain"], "Region": key}
    asked = [
        metrics.query("requests", "AWS/AppSync", "Requests", api, period=period),
        metrics.query("connections", "AWS/AppSync", "ActiveConnections", api, period=period),
        *(metrics.query(name.lower(), "Antipodes", name, place, period=period) for name in metrics.OWN),
    ]
    figures = metrics.read(deployment, key, asked, start, end)
    if not figures["requests"]:
        return None
    begun = max(figures["requests"])
    own = sum(figures[name.lower()].get(begun, 0.0) for name in metrics.OWN)
    return Traffic(figures["connections"].get(begun, 0.0), figures["requests"][begun] - own, own, begun.timestamp())
