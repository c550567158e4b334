from region.health.recent import Recent


class Made:
    def __init__(self) -> None:
        self.count = 0
        self.now = 1000.0
        self.recent = Recent(self._make, 3.0, lambda: self.now)

    def _make(self) -> int:
        self.count += 1
        return self.count


def test_many_who_ask_within_seconds_cost_no_more_than_one_and_are_told_its_age() -> None:
    made = Made()
    assert made.recent() == (1, 0.0)
    made.now += 2.5
    assert made.recent() == (1, 2.5)
    made.now += 0.5
    assert made.recent() == (2, 0.0)


def test_a_clock_that_was_set_back_keeps_nothing_for_longer() -> None:
    made = Made()
    made.recent()
    made.now -= 3600

    assert made.recent() == (2, 0.0)
