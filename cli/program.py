"""The project's program, run in this process."""

import asyncio
import runpy
from pathlib import Path


async def run(program: Path) -> None:
    """Runs the file as the SDK's program, and waits until what it registered has settled.

    Left to the SDK, the wait takes longer than all else: it looks at every output again whenever one has settled. What
    has failed is for the SDK to tell, so the wait ends there.
    """
    runpy.run_path(str(program), run_name="__main__")
    outstanding = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(outstanding, return_when=asyncio.FIRST_EXCEPTION)
