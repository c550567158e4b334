from ops.verify.alarms import judge


def seen(**found: bool) -> list[str]:
    return [fault.seen for fault in judge(["errors", "latency"], found)]


def test_all_that_act_are_good():
    assert seen(errors=True, latency=True) == []


def test_one_that_is_gone_is_named():
    assert seen(errors=True) == ["there is no alarm latency"]


def test_one_that_tells_nobody_is_named():
    assert seen(errors=False, latency=True) == ["the actions of errors are switched off: nobody is told"]
