"""Delivery from a stream that hands batches over as Lambda does: from the first failed record on, until none fails."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from region.fan_out.changes import Change
from region.fan_out.delivery import Delivery
from region.fan_out.outcome import Fate, Outcome
from region.fan_out.settled import Settled
from tests.region.fan_out.stream import change

THREADS = 4


@dataclass
class World:
    """Subscribers and a dead-letter queue. What each event meets, one try after the other, is scripted; at the end of
    its script it is published."""

    scripts: dict[str, list[str]] = field(default_factory=dict)
    told: list[Change] = field(default_factory=list)
    buried: list[Change] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def publish(self, change: Change) -> Outcome:
        match self._next(change):
            case "again":
                return Outcome(Fate.AGAIN, "busy")
            case "never" | "never, and the queue is away":
                return Outcome(Fate.NEVER, "poison")
            case "raises":
                raise ValueError("no image")
        self.told.append(change)
        return Outcome(Fate.PUBLISHED)

    def bury(self, change: Change, reason: str) -> None:
        script = self.scripts[change.event_id]
        if script.pop(0) == "never, and the queue is away":
            raise ConnectionError
        self.buried.append(change)
        self.reasons[change.event_id] = reason

    def _next(self, change: Change) -> str:
        script = self.scripts.get(change.event_id, [])
        if not script:
            return "told"
        return script.pop(0) if script[0] == "again" else script[0]

    def delivery(self) -> Delivery:
        return Delivery(self.publish, self.bury, Settled(), THREADS)


def always() -> bool:
    return True


def hand_over(
    delivery: Delivery, changes: Sequence[Change], *, watch: Callable[[Sequence[Change], list[str]], None]
) -> None:
    """Until nothing fails. Source: "Reporting batch item failures": the lowest sequence number is the checkpoint."""
    batch = list(changes)
    for _ in range(1000):
        left = delivery(batch, always)
        watch(batch, left)
        if not left:
            return
        checkpoint = min(map(int, left))
        batch = [each for each in batch if int(each.sequence_number) >= checkpoint]
    raise AssertionError("a change is handed over for ever")


TRIES = st.lists(st.just("again"), max_size=3)
ENDS = st.sampled_from([[], ["never"], ["raises"], ["never, and the queue is away", "never"]])
SCRIPTS = st.builds(lambda tries, end: [*tries, *end], TRIES, ENDS)


@given(st.lists(st.tuples(st.sampled_from("abcde"), SCRIPTS), max_size=25))
def test_nothing_is_lost_or_told_twice_and_each_items_changes_come_in_order(
    stream: list[tuple[str, list[str]]],
) -> None:
    changes = [change(number, key=key) for number, (key, _) in enumerate(stream)]
    world = World({f"event-{number}": list(script) for number, (_, script) in enumerate(stream)})
    done: set[str] = set()

    def exactly_the_unfinished(batch: Sequence[Change], left: list[str]) -> None:
        done.update(each.sequence_number for each in (*world.told, *world.buried))
        assert left == [each.sequence_number for each in batch if each.sequence_number not in done]
        # An item is held back by its first unfinished change alone, so the rest of it is unfinished too.
        unfinished: set[str] = set()
        for each in batch:
            if each.sequence_number in left:
                unfinished.add(each.item_key)
            else:
                assert each.item_key not in unfinished

    hand_over(world.delivery(), changes, watch=exactly_the_unfinished)

    assert Counter(each.event_id for each in (*world.told, *world.buried)) == Counter(each.event_id for each in changes)
    poison = {f"event-{number}" for number, (_, script) in enumerate(stream) if set(script) - {"again"}}
    assert {each.event_id for each in world.buried} == poison
    order = defaultdict(list)
    for each in world.told:
        order[each.item_key].append(int(each.sequence_number))
    assert all(numbers == sorted(numbers) for numbers in order.values())


@pytest.mark.parametrize(("script", "reason"), [("never", "poison"), ("raises", "ValueError('no image')")])
def test_poison_is_buried_with_its_reason_and_holds_nothing_back_not_even_its_own_item(
    script: str, reason: str
) -> None:
    world = World({"event-1": [script]})

    assert world.delivery()([change(1), change(2), change(3, key="b")], always) == []

    assert world.reasons == {"event-1": reason}
    assert {each.event_id for each in world.told} == {"event-2", "event-3"}


def test_a_change_that_may_pass_holds_back_its_own_item_and_no_other() -> None:
    world = World({"event-2": ["again"]})
    changes = [change(1, key="b"), change(2), change(3), change(4, key="b")]

    assert world.delivery()(changes, always) == ["102", "103"]
    assert sorted(each.event_id for each in world.told) == ["event-1", "event-4"]


def test_an_event_is_told_once_however_often_it_is_handed_over() -> None:
    world = World()
    deliver = world.delivery()
    for _ in range(3):
        assert deliver([change(1), change(2, key="b")], always) == []

    assert sorted(each.event_id for each in world.told) == ["event-1", "event-2"]


def test_what_there_is_no_time_for_is_handed_over_again() -> None:
    world = World()
    left = iter([True, True, False])
    changes = [change(number) for number in range(5)]

    assert world.delivery()(changes, lambda: next(left)) == ["102", "103", "104"]
    assert len(world.told) == 2


def test_items_are_published_side_by_side() -> None:
    everyone = threading.Barrier(THREADS, timeout=10)

    def publish(_change: Change) -> Outcome:
        everyone.wait()
        return Outcome(Fate.PUBLISHED)

    deliver = Delivery(publish, lambda _change, _reason: None, Settled(), THREADS)

    assert deliver([change(number, key=str(number)) for number in range(THREADS)], always) == []


def test_the_log_names_events_and_shows_nothing_of_items(capsys: pytest.CaptureFixture[str]) -> None:
    world = World({"event-1": ["never"], "event-2": ["again"], "event-3": ["never, and the queue is away"]})
    world.delivery()([change(number, key=f"secret-{number}", s={"S": "secret"}) for number in (1, 2, 3)], always)

    said = capsys.readouterr().out
    assert "publishThing: event event-1 is in the dead-letter queue" in said
    assert "publishThing: event event-2 will be published again" in said
    assert "publishThing: event event-3 cannot be put into the dead-letter queue: ConnectionError" in said
    assert "secret" not in said
