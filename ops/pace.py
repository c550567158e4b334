"""How fast time passes where the stack lives: on AWS as everywhere, in the sandbox as fast as it was told."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """`scale` simulated seconds pass in each second of this machine."""

    scale: float = 1.0

    def real(self, seconds: float) -> float:
        """How long `seconds` take here."""
        return seconds / self.scale

    def sleep(self, seconds: float) -> None:
        """Waits until `seconds` have passed where the stack lives."""
        time.sleep(self.real(seconds))
