"""How soon a region that fails is left: by Route 53's checks, by the records' TTL, and by the router's own memory."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Failover:
    """One way of it; all times are in seconds.

    Attributes:
        mode: its name in the config.
        interval: between two checks of one checker. Route 53 has 10 and 30, and changes that of no check.
        threshold: how many checks in a row have to fail, or to succeed again.
        ttl: of the records that name the regions.
        router: what the router may add to a record's TTL.
    """

    mode: str
    interval: int
    threshold: int
    ttl: int
    router: int

    @property
    def seconds(self) -> int:
        """From a region's first failing answer until no viewer is sent there any more, at most."""
        return self.interval * self.threshold + self.ttl + self.router


DEFAULT = Failover(mode="default", interval=10, threshold=3, ttl=60, router=10)
FAST = Failover(mode="fast", interval=10, threshold=2, ttl=15, router=5)
MODES = {each.mode: each for each in (DEFAULT, FAST)}
