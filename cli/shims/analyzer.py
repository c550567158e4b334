"""Runs the policy pack for the engine, and ends with it.

An engine that is killed cannot stop its analyzer, which would then listen on for ever.
"""

import os
import runpy
import threading
import time

_SECONDS = 0.5


def _end_with(engine: int) -> None:
    while os.getppid() == engine:
        time.sleep(_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=[os.getppid()], daemon=True).start()
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)
