import json
from typing import Any

from ops.reach import Answer
from ops.verify.health import judge_answer, judge_drains, judge_policy

OPEN = [
    {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunctionUrl"},
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["lambda:InvokeFunction"]},
]


def answer(code: int, **said: Any) -> Answer:
    good = {"status": "healthy", "region": "sydney", "parts": {"tables": "ok", "stream": "unknown"}}
    return Answer(code, {}, json.dumps({**good, **said}).encode())


def test_a_healthy_region_of_which_a_part_is_not_known_is_good():
    assert list(judge_answer("sydney", answer(200))) == []


def test_an_unhealthy_region_is_told_with_its_parts_and_where_to_look():
    [fault] = judge_answer("sydney", answer(503, status="unhealthy", parts={"tables": "failed", "api": "ok"}))

    assert fault.seen == "it says HTTP 503: tables failed. Route 53 sends it no viewers"
    assert fault.remedy == "See tables."


def test_an_endpoint_that_speaks_for_another_region_is_told():
    [fault] = judge_answer("sydney", answer(200, region="tokyo"))

    assert fault.seen == "its health endpoint speaks for tokyo"


def test_what_is_no_health_endpoint_is_told():
    [fault] = judge_answer("sydney", Answer(403, {}, b'{"Message":"Forbidden"}'))

    assert "answers HTTP 403" in fault.seen


def test_the_function_url_needs_both_permissions():
    assert list(judge_policy("health", {"Statement": OPEN})) == []

    [fault] = judge_policy("health", {"Statement": OPEN[0]})

    assert fault.seen == "the policy of health lets nobody lambda:InvokeFunction: Route 53's checkers are refused"


def test_holders_that_disagree_on_a_drain_are_named():
    [fault] = judge_drains("ireland", {"sydney": True, "tokyo": False, "oregon": None})

    assert fault.seen == "sydney says that ireland is drained, and tokyo that it is not"


def test_a_drain_on_which_all_agree_is_no_fault():
    assert list(judge_drains("ireland", {"sydney": True, "tokyo": True, "oregon": None})) == []
