"""The AWS emulator (ministack) as a child process that cannot outlive its parent.

Run as a module, this file is that child: it serves the emulator until its standard input ends. The parent holds the
only other end of that pipe, so the system closes it however the parent ends, `kill -9` included. Of the portable
means it is the simplest: no process group, no polling for a parent's id, nothing of one operating system alone.
"""

import os
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path

from sandbox import emulator_repairs, loopback
from sandbox.aws import ENVIRONMENT
from sandbox.ports import LOOPBACK

_START_SECONDS = 30
_STOP_SECONDS = 5


class EmulatorError(Exception):
    """The emulator did not start; the message names its log."""


class Emulator:
    """ministack on a loopback port; everything it prints goes to `log`, which each start begins anew."""

    def __init__(self, port: int, log: Path) -> None:
        self._port = port
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the emulator answers.

        Raises:
            EmulatorError: it ended, or gave no answer within 30 seconds.
        """
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
                | ENVIRONMENT
                | {
                    "BIND_HOST": LOOPBACK,
                    "GATEWAY_PORT": str(self._port),
                    "IOT_MTLS_ENABLED": "0",  # its listener would be open to the network
                    "LOG_LEVEL": "WARNING",
                    "PYTHONPATH": str(Path(__file__).parents[1]),
                },
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._child.poll() is not None:
                raise EmulatorError(f"the AWS emulator ended with code {self._child.returncode}; see {self._log}")
            if time.monotonic() > deadline:
                self.stop()
                raise EmulatorError(
                    f"the AWS emulator gave no answer on port {self._port} within {_START_SECONDS} seconds; "
                    f"see {self._log}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends the emulator and what it holds; harmless when it does not run."""
        if self._child is None:
            return
        if self._child.stdin:
            self._child.stdin.close()
        try:
            self._child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child = None

    def _answers(self) -> bool:
        try:
            with loopback.urlopen(f"http://{LOOPBACK}:{self._port}/_ministack/health", timeout=2):
                return True
        except (OSError, HTTPException):
            return False


def _end_with_parent() -> None:
    os.read(0, 1)  # not by way of sys.stdin, whose lock would make an ordinary exit of the process an abort
    os._exit(0)


def _serve() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from ministack.app import main  # noqa: PLC0415 - only the child pays for loading it

    emulator_repairs.repair()
    main()


if __name__ == "__main__":
    _serve()
