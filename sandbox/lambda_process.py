"""The process of an instance: AWS's runtime client, which ends with the sandbox however that ends.

The sandbox holds the other end of this process's standard input. Left to itself, the runtime client would notice a
killed sandbox only after the function has answered, and never where the function does not.
"""

import os
import runpy
import threading


def _end_with_parent() -> None:
    os.read(0, 1)  # not by way of sys.stdin, whose lock would make an ordinary exit of the process an abort
    os._exit(1)


threading.Thread(target=_end_with_parent, daemon=True).start()
runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
