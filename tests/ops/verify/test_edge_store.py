from typing import Any

from ops.verify.edge_store import judge_code, judge_entries

OUTPUTS: dict[str, Any] = {
    "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
    "hosts": {"ireland": "i.example.com", "sydney": "s.example.com"},
    "dials": {"sydney": 40},
}
CODE = (
    'import cf from "cloudfront";\n'
    'const TABLE = {"regions":{"ireland":{"host":"i.example.com"},"sydney":{"dial":40,"host":"s.example.com"}}};\n'
)


def seen(entries: dict[str, str]) -> list[str]:
    return [fault.seen for fault in judge_entries(entries, OUTPUTS)]


def test_code_and_store_of_this_stack_are_good():
    assert list(judge_code(CODE, OUTPUTS)) == []
    assert seen({"LHR": "ireland sydney:40", "SYD": "sydney:40"}) == []


def test_an_old_host_in_the_code_is_told():
    [fault] = judge_code(CODE.replace("s.example.com", "old.example.com"), OUTPUTS)

    assert "old.example.com" in fault.seen


def test_a_region_that_no_place_is_sent_to_is_told():
    assert seen({"LHR": "ireland"}) == ["the store names sydney for no place: it gets no viewers"]


def test_a_region_that_takes_no_requests_is_told():
    assert seen({"LHR": "ireland sydney:40 tokyo"}) == ["the store names tokyo, which takes no requests"]


def test_another_dial_is_told():
    assert seen({"LHR": "ireland sydney"}) == ["the store has sydney with a dial of 100.0, and the stack with 40"]


def test_an_empty_store_is_told():
    assert seen({}) == ["the store is empty: the function goes by its own table"]
