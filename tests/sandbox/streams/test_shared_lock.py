import asyncio

from sandbox.streams.shared_lock import SharedLock


def test_sharers_hold_it_together_and_one_alone_waits_for_them_all():
    async def story() -> None:
        lock, log = SharedLock(), list[str]()
        gates = {name: asyncio.Event() for name in ("first", "second")}

        async def share(name: str) -> None:
            async with lock.shared():
                log.append(f"{name} in")
                await gates[name].wait()
            log.append(f"{name} out")

        async def be_alone() -> None:
            async with lock.alone():
                log.append("alone")

        tasks = [asyncio.create_task(share(name)) for name in gates]
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(be_alone()))
        await asyncio.sleep(0.01)
        assert log == ["first in", "second in"]
        gates["second"].set()
        await asyncio.sleep(0.01)
        assert "alone" not in log
        gates["first"].set()
        await asyncio.gather(*tasks)
        assert log[-1] == "alone"

    asyncio.run(story())


def test_whoever_waits_to_be_alone_is_not_passed_by_sharers():
    async def story() -> None:
        lock, log, gate = SharedLock(), list[str](), asyncio.Event()

        async def share(name: str) -> None:
            async with lock.shared():
                await gate.wait()
                log.append(name)

        async def be_alone() -> None:
            async with lock.alone():
                log.append("alone")

        tasks = []
        for start in (share("before"), be_alone(), share("after")):
            tasks.append(asyncio.create_task(start))
            await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)
        assert log == ["before", "alone", "after"]

    asyncio.run(story())


def test_one_alone_lets_nobody_in_before_it_is_done():
    async def story() -> None:
        lock, log = SharedLock(), list[str]()

        async def share() -> None:
            async with lock.shared():
                log.append("shared")

        async with lock.alone():
            task = asyncio.create_task(share())
            await asyncio.sleep(0.01)
            log.append("alone")
        await task
        assert log == ["alone", "shared"]

    asyncio.run(story())
