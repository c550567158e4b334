"""Three regions, subscribers in each, writes in each: who is told what, when all is well and when it is not."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.end_to_end.checkout import Checkout
from tests.end_to_end.subscriber import Subscriber, audience, browser, until
from tests.end_to_end.writers import SUBSCRIPTIONS, Told, Writers, heard

pytestmark = pytest.mark.end_to_end

REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"}
CITIES = ("London", "Melbourne", "Tokyo")  # one near each region
SUBSCRIBERS = 20  # in each city
LAG = 0.1  # seconds
PAUSE = 0.5  # seconds between two writes to an event: well beyond the lag, on a busy machine too

# What goes wrong in a function on a bad day, one time in ten: it fails before the work, or after it, or dies with its
# memory of what it has published.
_BAD_DAY = """

import os as _os
import random as _random

_healthy = handler


def _note(what):
    with open({flags!r} + "/failures", "a") as notes:
        notes.write(what + "\\n")


def handler(event, context):
    if _os.path.exists({flags!r} + "/stopped") and _os.environ["AWS_REGION"] == "ap-southeast-2":
        _note("stopped")
        raise RuntimeError("the function is stopped")
    if _random.random() < 0.05:
        _note("before")
        raise RuntimeError("failed before it began")
    answer = _healthy(event, context)
    if _random.random() < 0.05:
        if _os.path.exists({flags!r} + "/deadly"):
            _note("died")
            _os._exit(1)
        _note("after")
        raise RuntimeError("failed when all was published")
    return answer
"""


@pytest.fixture(scope="module")
def token(checkout: Checkout) -> str:
    checkout.set_config(regions=REGIONS)
    checkout.done("up")
    return checkout.done("token").strip()


@asynccontextmanager
async def stage(checkout: Checkout, token: str, each: int) -> AsyncIterator[tuple[Writers, list[Subscriber]]]:
    """Writers, and `each` subscribers to all that happens to events in every city."""
    cities = [city for city in CITIES for _ in range(each)]
    async with browser(checkout) as session, audience(checkout, token, cities, SUBSCRIPTIONS) as subscribers:
        await set_lag(session, checkout)
        yield Writers(session, checkout, token), subscribers


async def set_lag(session: aiohttp.ClientSession, checkout: Checkout) -> None:
    url = f"{checkout.connections['aws_endpoint']}/_sandbox/replication"
    async with session.put(url, json={"lag": LAG, "paused": False}) as response:
        assert response.status == 200, await response.text()


async def write(writers: Writers, lives: int) -> None:
    """That many lives of four writes each, spread over the cities."""
    share = [lives // 3 + (n < lives % 3) for n in range(3)]
    await asyncio.gather(*(writers.lives(city, count, 12, PAUSE) for city, count in zip(CITIES, share, strict=True)))


def settled(subscribers: list[Subscriber], expected: int) -> Any:
    return lambda: all(len(each.received) >= expected for each in subscribers)


def test_sixty_subscribers_hear_each_of_500_writes_once_and_in_order(checkout: Checkout, token: str):
    async def scenario() -> tuple[dict[str, list[Told]], list[dict[str, list[Told]]]]:
        async with stage(checkout, token, SUBSCRIBERS) as (writers, subscribers):
            await write(writers, lives=125)
            await until(settled(subscribers, 500), "all 500 writes, everywhere", 60)
            await asyncio.sleep(1)  # whatever would come twice has come by now
            return dict(writers.histories), [heard(each.received) for each in subscribers]

    written, told = asyncio.run(scenario())

    assert sum(map(len, written.values())) == 500
    assert len(told) == 60
    for each in told:
        assert each == written


def test_after_conflicting_writes_all_regions_and_all_subscribers_agree(checkout: Checkout, token: str):
    async def scenario() -> tuple[list[dict[str, Any]], list[dict[str, list[Told]]]]:
        async with stage(checkout, token, 2) as (writers, subscribers):
            ids = [await writers.create("London", "start") for _ in range(5)]
            await until(settled(subscribers, 5), "the five events")

            async def conflict(city: str, id_: str) -> None:
                for n in range(10):
                    await writers.update(city, id_, f"{city} {n}")

            await asyncio.gather(*(conflict(city, id_) for city in CITIES for id_ in ids))
            await quiet(subscribers)
            final = [
                {id_: (await writers.ask(city, f'{{ getEvent(id: "{id_}") {{ name }} }}'))["getEvent"] for id_ in ids}
                for city in CITIES
            ]
            return final, [heard(each.received) for each in subscribers]

    final, told = asyncio.run(scenario())

    assert final[0] == final[1] == final[2]
    for each in told:
        assert {id_: {"name": events[-1][1]} for id_, events in each.items()} == final[0]


async def quiet(subscribers: list[Subscriber], seconds: float = 2.0) -> None:
    """Until nothing has come for a while."""
    count = -1
    while count != (count := sum(len(each.received) for each in subscribers)):  # noqa: ASYNC110 - nothing is the event
        await asyncio.sleep(seconds)


def test_a_poison_record_ends_in_the_dead_letter_queues_and_holds_nothing_up(checkout: Checkout, token: str):
    table = checkout.json("status")["tables"]["comments"]
    # Content is what the schema says every comment has.
    poison = {"eventId": {"S": "poisoned"}, "commentId": {"S": "1"}}

    async def scenario() -> None:
        async with stage(checkout, token, 1) as (writers, subscribers):
            await asyncio.to_thread(checkout.aws("dynamodb", "eu-west-1").put_item, TableName=table, Item=poison)
            await writers.live("London", PAUSE)
            await until(settled(subscribers, 4), "the writes behind the poison record")
            await until(lambda: all(dead_letters(checkout, region) for region in REGIONS.values()), "dead letters")

    asyncio.run(scenario())

    for region in REGIONS.values():
        [letter] = dead_letters(checkout, region)
        assert "poisoned" in json.dumps(json.loads(letter))


def dead_letters(checkout: Checkout, region: str) -> list[str]:
    sqs = checkout.aws("sqs", region)
    [queue] = [url for url in sqs.list_queues()["QueueUrls"] if "fan-out" in url]
    answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [message["Body"] for message in answer.get("Messages", [])]


@contextmanager
def bad_day(checkout: Checkout, flags: Path) -> Iterator[None]:
    """Deploys a fan-out that fails one time in ten. While the file `stopped` is in `flags` it stands still in Sydney,
    and while `deadly` is, half of its failures end the instance.
    """
    with checkout.appended("region/fan_out/handler.py", _BAD_DAY.format(flags=str(flags))):
        checkout.done("up")
        yield


def test_a_fan_out_that_fails_loses_nothing_and_repeats_only_what_a_dead_instance_had_published(
    checkout: Checkout, token: str, tmp_path: Path
):
    stopped, deadly = tmp_path / "stopped", tmp_path / "deadly"

    async def scenario(lives: int) -> tuple[dict[str, list[Told]], list[dict[str, list[Told]]]]:
        async with stage(checkout, token, 2) as (writers, subscribers):
            await write(writers, lives)
            expected = sum(map(len, writers.histories.values()))
            await until(settled(subscribers, expected), "all writes, everywhere", 90)
            await quiet(subscribers)
            return dict(writers.histories), [heard(each.received) for each in subscribers]

    async def with_a_region_stopped(lives: int) -> tuple[dict[str, list[Told]], list[dict[str, list[Told]]]]:
        stopped.touch()
        asyncio.get_running_loop().call_later(10, stopped.unlink)
        return await scenario(lives)

    with bad_day(checkout, tmp_path):
        written, told = asyncio.run(scenario(30))
        assert told == [written] * 6

        deadly.touch()
        written, told = asyncio.run(with_a_region_stopped(75))
        assert [{id_: first_times(events) for id_, events in each.items()} for each in told] == [written] * 6
    assert {"before", "died", "stopped"} <= set((tmp_path / "failures").read_text().split())
    for region in REGIONS.values():
        assert not [letter for letter in dead_letters(checkout, region) if "poisoned" not in letter]


def first_times(events: list[Told]) -> list[Told]:
    """Without the repetitions."""
    return list(dict.fromkeys(events))
