"""What becomes of a stream's records, whatever the function does with them."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.streams.batch import Batch, after_error, after_partial_failure, failed_from, first_batch, overaged
from sandbox.streams.mapping import Mapping

STREAM = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/x"
MAPPING = Mapping("u", STREAM, "arn:aws:lambda:eu-west-1:000000000000:function:f", "LATEST")


def record(number: int, size: int = 0) -> dict[str, Any]:
    return {"dynamodb": {"SequenceNumber": f"{number:030d}"}, "filler": "x" * size}


def batch(count: int) -> Batch:
    return Batch(tuple(record(n) for n in range(count)))


def report(*numbers: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": f"{n:030d}"} for n in numbers]}


def numbers(found: Batch) -> list[int]:
    return [int(r["dynamodb"]["SequenceNumber"]) for r in found.records]


def test_a_batch_has_at_most_its_size():
    assert numbers(first_batch([record(n) for n in range(5)], 3)) == [0, 1, 2]
    assert numbers(first_batch([record(n) for n in range(2)], 3)) == [0, 1]


def test_a_batch_fits_the_payload_of_an_invocation():
    large = [record(n, 2_500_000) for n in range(4)]
    assert numbers(first_batch(large, 100)) == [0, 1]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_answer_without_failures_is_success(answer: Any):
    assert failed_from(batch(3), answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"identifier": f"{1:030d}"}]},
        {"batchItemFailures": [{"itemIdentifier": "never heard of"}]},
        {"batchItemFailures": ["1"]},
        "done",
    ],
)
def test_an_answer_that_makes_no_sense_is_failure_of_all(answer: Any):
    assert failed_from(batch(3), answer) == 0


def test_the_first_record_of_those_reported_is_the_checkpoint():
    assert failed_from(batch(5), report(3, 1, 4)) == 1


def test_an_error_is_retried_as_often_as_the_mapping_says_and_a_split_is_no_retry():
    mapping = replace(MAPPING, retries=1, bisects=True)
    halves = after_error(batch(3), mapping)
    assert [numbers(half) for half in halves] == [[0], [1, 2]]
    assert [half.retries for half in halves] == [0, 0]
    (again,) = after_error(halves[0], mapping)
    assert again.retries == 1
    assert after_error(again, mapping) == []


def test_without_bisection_the_whole_batch_is_retried():
    (again,) = after_error(batch(3), MAPPING)
    assert numbers(again) == [0, 1, 2]


def test_what_follows_a_reported_record_is_tried_again_with_it():
    (rest,) = after_partial_failure(batch(4), 2, MAPPING)
    assert (numbers(rest), rest.retries) == ([2, 3], 1)
    (split,) = after_partial_failure(batch(4), 2, replace(MAPPING, bisects=True))
    assert (numbers(split), split.retries) == ([2, 3], 0)
    assert after_partial_failure(batch(4), 2, replace(MAPPING, retries=0)) == []


def test_records_beyond_their_age_are_those_at_the_beginning():
    old = Batch(tuple(record(second * 1000 * 10**10) for second in (10, 20, 30)))
    assert overaged(old, -1, now=1_000) == 0
    assert overaged(old, 60, now=70) == 0
    assert overaged(old, 60, now=81) == 2
    assert overaged(old, 60, now=100) == 3


def settled(count: int, mapping: Mapping, function: Callable[[list[int]], Any]) -> tuple[list[int], list[int], int]:
    """The records that the function took in the end and those that were given up, in order, and its invocations."""
    taken, lost, invocations, waiting = list[int](), list[int](), 0, deque([batch(count)])
    while waiting:
        current = waiting.popleft()
        invocations += 1
        try:
            failed = failed_from(current, function(numbers(current)))
        except ValueError:
            failed, rest = 0, after_error(current, mapping)
        else:
            rest = [] if failed is None else after_partial_failure(current, failed, mapping)
        done = len(current.records) if failed is None else failed
        taken += numbers(current)[:done]
        if failed is not None and not rest:
            lost += numbers(current)[failed:]
        waiting.extendleft(reversed(rest))
    return taken, lost, invocations


poisons = st.sets(st.integers(0, 39), max_size=6)


@given(st.integers(1, 40), poisons, st.integers(0, 3))
def test_bisection_gives_up_the_poison_records_and_nothing_else(count: int, poison: set[int], retries: int):
    def function(seen: list[int]) -> None:
        if poison & set(seen):
            raise ValueError

    taken, lost, invocations = settled(count, replace(MAPPING, bisects=True, retries=retries), function)
    assert lost == [n for n in range(count) if n in poison]
    assert taken == [n for n in range(count) if n not in poison]
    assert invocations <= 2 * count + retries * len(lost)


@given(count=st.integers(1, 40), poison=poisons, retries=st.integers(0, 3), bisects=st.booleans())
def test_partial_failures_settle_every_record_once_and_in_order(
    *, count: int, poison: set[int], retries: int, bisects: bool
):
    def function(seen: list[int]) -> Any:
        return report(*(poison & set(seen)))

    mapping = replace(MAPPING, bisects=bisects, retries=retries, is_partial=True)
    taken, lost, invocations = settled(count, mapping, function)
    assert sorted(taken + lost) == list(range(count))
    assert taken == sorted(taken)
    assert not poison & set(taken)
    assert invocations <= 1 + count + retries
