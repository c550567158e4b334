"""The project's program, run in this process."""

import asyncio
import gc
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pulumi import log

_CALLERS = 16  # the SDK's own, and those of the program from its innermost line to its file


async def run(program: Path) -> None:
    """Runs the file as the SDK's program, and waits until what it registered has settled.

    Left to the SDK, the wait takes longer than all else: it looks at every output again whenever one has settled. What
    has failed is for the SDK to tell, so the wait ends there.
    """
    with _no_debug_messages(), _short_stacks(), _no_garbage_collection():
        runpy.run_path(str(program), run_name="__main__")
        outstanding = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(outstanding, return_when=asyncio.FIRST_EXCEPTION)


@contextmanager
def _no_debug_messages() -> Iterator[None]:
    """Spares the engine the SDK's debug messages, several a resource: each is a call to it, which nobody reads."""
    debug, log.debug = log.debug, lambda *_, **__: None
    try:
        yield
    finally:
        log.debug = debug


@contextmanager
def _short_stacks() -> Iterator[None]:
    """Has the SDK tell the engine the nearest callers of each registration, and not twice as many of who runs it.

    The engine keeps them in the state, all of which it writes with each resource anew.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _CALLERS
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Leaves what the program makes where it is: nearly all of it lives until the end.

    Python would walk it again and again in vain, with 22 regions for two thirds of the time that the program takes.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
