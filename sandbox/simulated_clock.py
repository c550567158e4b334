"""How far the clocks of functions are ahead of this machine's, so that tests need not wait for time to pass."""

import os
import struct
import time
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from sandbox.control_body import sent

VARIABLE = "SANDBOX_CLOCK"  # names the file in a function's environment; lambda_process.py reads it
_YEAR = 366 * 86_400.0

# Which of the two records holds, and both records: how far time.time() was ahead, when that was by this machine's
# clock, how fast it has passed since, and how far time.monotonic() is ahead. A change goes into the other record, and
# the one number that makes it hold is written last: so nobody reads half of it.
_FIRST = struct.Struct("=d")
_RECORD = struct.Struct("=dddd")


class SimulatedClock:
    """What is added to the clocks of all functions, those that run now and those to come.

    They find it in `file`, which they map into their memory. A clock that is set back shows in `time.time()` alone:
    `time.monotonic()` goes on from where it was, and each step ahead is time that passes for both. Only `time.time()`
    may run at another rate than this machine's clock; what a function waits for, and for how long it may run, does not.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._which = 0
        self._ahead = self._passed = 0.0
        self._rate, self._since = 1.0, time.time()
        file.write_bytes(_FIRST.pack(0) + 2 * self._record())

    @property
    def variables(self) -> Mapping[str, str]:
        """What leads a function's process to the file."""
        return {VARIABLE: str(self._file.absolute())}

    @property
    def ahead(self) -> float:
        """Seconds between this machine's clock and the functions'; less than zero where theirs is behind."""
        return self._ahead_at(time.time())

    def now(self) -> float:
        """The functions' `time.time()`."""
        return time.time() + self.ahead

    def set(self, ahead: float) -> None:
        """Sets the functions' clocks `ahead` seconds before this machine's, or behind it where less than zero.

        Raises:
            ValueError: it is more than a year, or no number.
        """
        if not -_YEAR <= ahead <= _YEAR:
            raise ValueError(f"{ahead} is not between -{_YEAR:.0f} and {_YEAR:.0f} seconds")
        now = time.time()
        self._passed += max(0.0, ahead - self._ahead_at(now))
        self._ahead, self._since = ahead, now
        self._write()

    def run(self, rate: float) -> None:
        """Lets the functions' `time.time()` go on from where it is, `rate` times as fast as this machine's clock."""
        now = time.time()
        self._ahead, self._since, self._rate = self._ahead_at(now), now, rate
        self._write()

    def _ahead_at(self, now: float) -> float:
        return self._ahead + (now - self._since) * (self._rate - 1)

    def _record(self) -> bytes:
        return _RECORD.pack(self._ahead, self._since, self._rate, self._passed)

    def _write(self) -> None:
        self._which = 1 - self._which
        # In its place and at once: processes have the file mapped, and read it at any time.
        file = os.open(self._file, os.O_WRONLY)
        try:
            os.pwrite(file, self._record(), _FIRST.size + self._which * _RECORD.size)
            os.pwrite(file, _FIRST.pack(self._which), 0)
        finally:
            os.close(file)

    @property
    def controls(self) -> list[web.RouteDef]:
        """The control's resource, for the gateway to serve."""
        return [web.get("/_sandbox/clock", self._show), web.put("/_sandbox/clock", self._control)]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response({"ahead": self.ahead})

    async def _control(self, request: web.Request) -> web.Response:
        try:
            match await sent(request):
                case {"ahead": int() | float() as ahead, **more} if not more and not isinstance(ahead, bool):
                    self.set(ahead)
                case _:
                    raise ValueError  # noqa: TRY301 - one answer for all that is wrong
        except ValueError:
            message = 'Send {"ahead": seconds}, at most a year, less than zero for a clock that is behind.'
            return web.json_response({"message": message}, status=400)
        return await self._show(request)
