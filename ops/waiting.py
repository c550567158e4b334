"""Waiting for things that come to be so within the time that a failover may take."""

import time
from collections.abc import Callable

from ops.deployment import Deployment

_FOR_ANSWERS = 10.0  # seconds of this machine, which what is asked may take beside the time that passes there
_PAUSE = 2.0  # seconds where the stack lives, between two looks
_SHORTEST_PAUSE = 0.1  # seconds of this machine


class Waiting:
    """Waits for several things in turn, for all of them no longer than the stack's failover takes."""

    def __init__(self, deployment: Deployment) -> None:
        self._pause = max(deployment.pace.real(_PAUSE), _SHORTEST_PAUSE)
        self._deadline = time.monotonic() + deployment.pace.real(deployment.told("failover")["seconds"]) + _FOR_ANSWERS

    def until(self, is_so: Callable[[], bool]) -> bool:
        """Whether it came to be so."""
        while not is_so():
            if time.monotonic() > self._deadline:
                return False
            time.sleep(self._pause)
        return True
