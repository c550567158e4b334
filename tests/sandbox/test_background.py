import asyncio

import pytest

from sandbox.background import end


def test_a_task_has_ended_when_this_returns_and_may_be_ended_again():
    async def end_twice() -> list[str]:
        told = []

        async def run() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                told.append("cleaned up")

        task = asyncio.create_task(run())
        await asyncio.sleep(0)
        for _ in range(2):
            await end(task)
            told.append("ended")
        return told

    assert asyncio.run(end_twice()) == ["cleaned up", "ended", "ended"]


def test_there_may_be_no_task_to_end():
    asyncio.run(end(None))


def test_what_a_task_failed_with_is_not_hidden():
    async def failing() -> None:
        async def fail() -> None:
            raise ValueError("as it is")

        task = asyncio.create_task(fail())
        await asyncio.wait([task])
        await end(task)

    with pytest.raises(ValueError, match="as it is"):
        asyncio.run(failing())
