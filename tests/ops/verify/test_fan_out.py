from typing import Any

from ops.verify.fan_out import Reading, judge, judge_dead_letters

STREAM = "arn:aws:dynamodb:eu-west-1:1:table/example.com.events/stream/2"
FUNCTION: dict[str, Any] = {
    "FunctionName": "fan-out",
    "State": "Active",
    "Environment": {"Variables": {"GRAPHQL_URL": "https://own/graphql", "DEAD_LETTERS": "https://queue"}},
}
MAPPING: dict[str, Any] = {
    "EventSourceArn": STREAM,
    "State": "Enabled",
    "LastProcessingResult": "OK",
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
}


def seen(*mappings: dict[str, Any], function: dict[str, Any] = FUNCTION) -> list[str]:
    read = Reading(function, mappings, {"example.com.events": STREAM})
    return [fault.seen for fault in judge(read, "https://own/graphql", "https://queue")]


def test_a_stream_that_is_read_and_published_in_its_own_region_is_good():
    assert seen(MAPPING) == []


def test_a_mapping_that_reads_the_stream_of_before_is_told():
    old = STREAM.replace("/2", "/1")

    assert seen({**MAPPING, "EventSourceArn": old}) == [
        f"fan-out reads a stream that example.com.events has no more, {old}"
    ]


def test_what_the_last_reading_ran_into_is_told():
    assert seen({**MAPPING, "LastProcessingResult": "PROBLEM: timeout"}) == [
        "fan-out reads example.com.events: Enabled, last result: PROBLEM: timeout"
    ]


def test_dead_letters_that_go_elsewhere_are_told():
    variables = {**FUNCTION["Environment"]["Variables"], "DEAD_LETTERS": "https://other"}

    assert seen(MAPPING, function={**FUNCTION, "Environment": {"Variables": variables}}) == [
        "fan-out sets aside what it cannot publish in https://other, not in https://queue"
    ]


def test_no_dead_letter_is_no_fault():
    assert list(judge_dead_letters("https://queue", 0)) == []
