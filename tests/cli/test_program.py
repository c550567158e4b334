import asyncio
import gc
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from pulumi import log

from cli import program


def test_debug_messages_of_a_program_stay_here_and_others_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    for severity in ("debug", "info"):
        monkeypatch.setattr(log, severity, told.append)
    file = tmp_path / "__main__.py"
    file.write_text("""
import asyncio
from pulumi import log

async def later():
    await asyncio.sleep(0)
    log.debug("small detail")
    log.info("news")

log.debug("detail")
settling = asyncio.ensure_future(later())
""")

    asyncio.run(program.run(file))
    log.debug("afterwards")

    assert told == ["news", "afterwards"]


@pytest.mark.parametrize("ending", ["", "raise ValueError('a defect')"], ids=["ends well", "fails"])
def test_nothing_is_collected_while_a_program_runs(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "__main__.py"
    file.write_text(f"""
import asyncio, gc, pathlib

async def later():
    pathlib.Path({str(tmp_path / "seen")!r}).write_text(str(gc.isenabled()))

settling = asyncio.ensure_future(later())
{ending}
""")

    with suppress(ValueError):
        asyncio.run(program.run(file))

    assert gc.isenabled()
    assert ending or (tmp_path / "seen").read_text() == "False"


@pytest.mark.parametrize("ending", ["", "raise ValueError('a defect')"], ids=["ends well", "fails"])
def test_whoever_asks_for_the_stack_gets_the_program_and_little_of_who_runs_it(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "__main__.py"
    file.write_text(f"""
import pathlib, traceback

def register(depth):
    return register(depth - 1) if depth else traceback.extract_stack()

names = [frame.name for frame in register(20)]
pathlib.Path({str(tmp_path / "seen")!r}).write_text(" ".join(names))
{ending}
""")

    with suppress(ValueError):
        asyncio.run(program.run(file))

    assert (tmp_path / "seen").read_text().split() == ["register"] * 16
    assert not hasattr(sys, "tracebacklimit")
