from region.fan_out.settled import Settled


def test_the_oldest_is_forgotten_first() -> None:
    settled = Settled(most=2)
    for event in "abbc":
        settled.add(event)

    assert [event in settled for event in "abc"] == [False, True, True]


def test_the_memory_outlasts_many_batches() -> None:
    settled = Settled()
    for number in range(10_000):
        settled.add(str(number))

    assert "0" in settled
