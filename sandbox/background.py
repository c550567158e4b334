"""Tasks that run beside all else, for as long as what they belong to."""

import asyncio
from contextlib import suppress


async def end(task: asyncio.Task[None] | None) -> None:
    """Cancels the task and waits until it has ended; harmless to repeat, and where none was begun.

    What the task itself failed with is raised.
    """
    if task:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
