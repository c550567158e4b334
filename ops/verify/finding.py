"""What is wrong with a link of the chain, and what mends it."""

from dataclasses import dataclass

MEND = "Run antipodes refresh, which reads what AWS holds, then antipodes up, which puts it right."


@dataclass(frozen=True)
class Fault:
    """What a judgement saw that should not be, and the remedy: both whole sentences."""

    seen: str
    remedy: str = MEND


@dataclass(frozen=True)
class Finding:
    """A fault and where it is: in which link, and in which region; None where that has no region.

    Attributes:
        unknown: nothing is known to be wrong, for the link could not be looked at.
        follows: links that have faults of their own which may be all that is wrong here.
    """

    link: str
    region: str | None
    seen: str
    remedy: str
    unknown: bool = False
    follows: tuple[str, ...] = ()
