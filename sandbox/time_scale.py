"""How fast time passes in the sandbox, so that what takes AWS minutes takes a test or a demonstration seconds."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from sandbox.control_body import sent

_SLOWEST, _FASTEST = 0.01, 1000.0


class TimeScale:
    """`scale` simulated seconds pass in each second of this machine.

    It is the pace of what waits on AWS's behalf, such as the time between two health checks, and of the functions'
    `time.time()`. Work takes as long as this machine needs for it, and nobody's patience with an answer gets shorter:
    a time limit on a connection is in real seconds.
    """

    def __init__(self, scale: float = 1.0) -> None:
        """See `set` for what is raised."""
        self._watchers: list[Callable[[float], None]] = []
        self._changed = asyncio.Event()
        self._scale = _within_bounds(scale)

    @property
    def scale(self) -> float:
        """Simulated seconds in a real one."""
        return self._scale

    def set(self, scale: float) -> None:
        """Lets time pass `scale` times as fast from now on, also for those who already wait.

        Raises:
            ValueError: it is not between 0.01 and 1000.
        """
        self._scale = _within_bounds(scale)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        for on_change in self._watchers:
            on_change(scale)

    def watch(self, on_change: Callable[[float], None]) -> None:
        """Calls `on_change` with the scale, now and after each change."""
        self._watchers.append(on_change)
        on_change(self._scale)

    def real(self, seconds: float) -> float:
        """How many real seconds `seconds` take at the present scale."""
        return seconds / self._scale

    async def sleep(self, seconds: float) -> None:
        """Waits until `seconds` have passed in the sandbox, at whichever scales it has meanwhile."""
        now = asyncio.get_running_loop().time
        while seconds > 0:
            began, scale, changed = now(), self._scale, self._changed
            try:
                async with asyncio.timeout(seconds / scale):
                    await changed.wait()
            except TimeoutError:
                return
            seconds -= (now() - began) * scale

    @property
    def controls(self) -> list[web.RouteDef]:
        """The control's resource, for the gateway to serve."""
        return [web.get("/_sandbox/time", self._show), web.put("/_sandbox/time", self._control)]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response({"scale": self._scale})

    async def _control(self, request: web.Request) -> web.Response:
        try:
            match await sent(request):
                case {"scale": int() | float() as scale, **more} if not more and not isinstance(scale, bool):
                    self.set(scale)
                case _:
                    raise ValueError  # noqa: TRY301 - one answer for all that is wrong
        except ValueError:
            message = 'Send {"scale": x}: how many times as fast as real time passes, from 0.01 to 1000.'
            return web.json_response({"message": message}, status=400)
        return await self._show(request)


def _within_bounds(scale: float) -> float:
    if not _SLOWEST <= scale <= _FASTEST:
        raise ValueError(f"the time scale {scale} is not between {_SLOWEST} and {_FASTEST:.0f}")
    return float(scale)
