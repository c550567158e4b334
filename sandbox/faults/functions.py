"""What planted faults do to invocations of Lambda functions."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from sandbox.faults.kinds import FunctionSlow
from sandbox.faults.state import Faults
from sandbox.lambda_code import region_of
from sandbox.lambda_instance import FunctionError


class RegionDownError(FunctionError):
    """The function's region is down: it did not run, or not to its end."""

    def __init__(self, region: str) -> None:
        super().__init__({"errorType": "Sandbox.RegionDown", "errorMessage": f"The region {region} is down."})


class FunctionFaults:
    """Comes before each invocation; `chance` gives numbers from 0 up to 1."""

    def __init__(self, faults: Faults, chance: Callable[[], float] = random.random) -> None:
        self._faults = faults
        self._chance = chance

    async def meet(self, name: str, region: str, limit: float) -> None:
        """Lets an invocation go on, later or not at all.

        Args:
            name: of the function.
            region: where it runs.
            limit: the seconds that it has.

        Raises:
            FunctionError: it fails, or its time runs out.
        """
        for fault in self._faults.now.of_function(name, region):
            if self._chance() >= fault.rate:
                continue
            if not isinstance(fault, FunctionSlow):
                raise FunctionError({"errorType": "Sandbox.Fault", "errorMessage": f"{name} fails: it was told to."})
            await asyncio.sleep(min(fault.seconds, limit))
            if fault.seconds >= limit:
                message = f"Error: Task timed out after {limit:.2f} seconds"
                raise FunctionError({"errorType": "Sandbox.Timedout", "errorMessage": message})


def when_up(
    invoke: Callable[[str, Any], Awaitable[Any]], faults: Faults
) -> Callable[[str, Any], Coroutine[Any, Any, Any]]:
    """Invokes as `invoke` does, once the function's region is up: for callers that live in it, such as a stream's.

    An invocation that ended with its region is made anew, as if it had never been.
    """

    async def invoke_when_up(arn: str, event: Any) -> Any:
        region = region_of(arn)
        while True:
            await faults.until(lambda now: not now.is_down(region))
            try:
                return await invoke(arn, event)
            except RegionDownError:
                continue

    return invoke_when_up
