"""The process of an instance: AWS's runtime client, which ends with the sandbox however that ends.

The sandbox holds the other end of this process's standard input. Left to itself, the runtime client would notice a
killed sandbox only after the function has answered, and never where the function does not.

What runs in it sees the time by the sandbox's simulated clock (`sandbox.simulated_clock`): the function, and the
runtime client, which tells it how much of its time is left. To wait takes as long as ever.
"""

import mmap
import os
import runpy
import threading
import time
from collections.abc import Callable


def _end_with_parent() -> None:
    os.read(0, 1)  # not by way of sys.stdin, whose lock would make an ordinary exit of the process an abort
    os._exit(1)


def _shifted(clock: Callable[[], float], seconds: "memoryview[float]", place: int) -> Callable[[], float]:
    return lambda: clock() + seconds[place]


def _simulate_time(file: str) -> None:
    with open(file, "rb") as opened:  # noqa: PTH123 - pathlib would be there for the function, too, and hide what it costs
        seconds = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)).cast("d")
    time.time = _shifted(time.time, seconds, 0)
    time.monotonic = _shifted(time.monotonic, seconds, 1)


_simulate_time(os.environ.pop("SANDBOX_CLOCK"))
threading.Thread(target=_end_with_parent, daemon=True).start()
runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
