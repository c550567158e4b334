"""One link of the chain from a viewer's DNS question to a subscriber's event."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ops.verify.finding import Fault
from ops.verify.site import Site


def every_region(site: Site) -> Sequence[str]:
    return list(site.outputs["regions"])


def serving(site: Site) -> Sequence[str]:
    return site.serving


def _always(_: Site) -> bool:
    return True


@dataclass(frozen=True)
class Link:
    """Checked once for the stack, once in each region, or both.

    Attributes:
        good: what holds when no fault is found.
        after: links without which this one cannot hold. While they have faults, those here follow from them.
        regions: the keys of the regions to check it in.
        applies: whether the stack has this link at all.
    """

    name: str
    good: str
    once: Callable[[Site], Iterable[Fault]] | None = None
    in_region: Callable[[Site, str], Iterable[Fault]] | None = None
    after: tuple[str, ...] = ()
    regions: Callable[[Site], Sequence[str]] = every_region
    applies: Callable[[Site], bool] = _always

    def check(self, site: Site, key: str | None) -> Iterable[Fault]:
        """What is wrong in the region `key`; for None, with what the stack has once."""
        if key is None:
            return self.once(site) if self.once else ()
        return self.in_region(site, key) if self.in_region else ()
