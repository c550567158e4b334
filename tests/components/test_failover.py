from components.failover import MODES


def test_the_times_that_are_promised_are_those_of_their_parts() -> None:
    assert {mode: failover.seconds for mode, failover in MODES.items()} == {"default": 100, "fast": 40}


def test_route_53_checks_at_one_of_its_two_intervals_and_a_records_ttl_is_what_failover_takes() -> None:
    for failover in MODES.values():
        assert failover.interval in (10, 30)
        assert 0 < failover.ttl <= 60
