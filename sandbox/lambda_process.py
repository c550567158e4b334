"""The process of an instance: AWS's runtime client, which ends with the sandbox however that ends.

The sandbox holds the other end of this process's standard input. Left to itself, the runtime client would notice a
killed sandbox only after the function has answered, and never where the function does not.

The function sees the time by the sandbox's simulated clock (`sandbox.simulated_clock`). To wait takes as long as ever,
and so the runtime client tells it how much of its time is left by this machine's clock, which is what ends it.
"""

import mmap
import os
import runpy
import threading
import time
from types import SimpleNamespace

from awslambdaric import lambda_context  # type: ignore[import-untyped]


def _end_with_parent() -> None:
    os.read(0, 1)  # not by way of sys.stdin, whose lock would make an ordinary exit of the process an abort
    os._exit(1)


def _simulate_time(file: str) -> None:
    with open(file, "rb") as opened:  # noqa: PTH123 - pathlib would be there for the function, too, and hide what it costs
        seen = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)).cast("d")
    wall, monotonic = time.time, time.monotonic

    def simulated_wall() -> float:
        now, record = wall(), 1 + 4 * int(seen[0])
        return now + seen[record] + (now - seen[record + 1]) * (seen[record + 2] - 1)

    def simulated_monotonic() -> float:
        return monotonic() + seen[4 + 4 * int(seen[0])]

    lambda_context.time = SimpleNamespace(time=wall)
    time.time, time.monotonic = simulated_wall, simulated_monotonic


_simulate_time(os.environ.pop("SANDBOX_CLOCK"))
threading.Thread(target=_end_with_parent, daemon=True).start()
runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
