"""A hundred thousand DNS messages that are almost right."""

import time
from typing import Any

import pytest
import resolver
from lookup import LookupFailedError
from message import CNAME, MAX_MESSAGE, NS, A, Reply, decode_answer, encode_query
from resolver import MAX_TTL, Resolver
from subnet import encode_subnet
from wire import MessageError

from tests.edge.clocks import planted
from tests.edge.dns_mutations import answers, damaged

KEYS = {"ireland", "sydney"}
RECORD = "latency-routing.example.com"
TARGETS = ["ireland.", "Sydney.", "tokyo.", f"ireland.{RECORD}.", "evil.example.org."]
COUNT = 25_000
LONGEST = 0.05  # seconds of a processor for one message; the usual ones take microseconds

SUBNET = encode_subnet("198.18.3.1") or b""
QUERIES = {
    "CNAME": (encode_query(RECORD, CNAME, 0x1234), TARGETS),
    "CNAME for a place": (encode_query(RECORD, CNAME, 0x1234, SUBNET), TARGETS),
    "NS": (encode_query("example.com", NS, 0x1234), ["ns-1.awsdns-1.com.", "ns.example.com."]),
    "A": (encode_query("ns-1.awsdns-1.com", A, 0x1234), ["192.0.2.1"]),
}


@pytest.fixture(params=QUERIES)
def asked(request: pytest.FixtureRequest) -> tuple[bytes, list[bytes]]:
    query, targets = QUERIES[request.param]
    return query, answers(query, targets)


def test_no_answer_has_any_effect_but_a_value_or_the_own_error(asked: tuple[bytes, list[bytes]]):
    query, seeds = asked
    outcomes = {"value": 0, "error": 0}
    longest = 0.0
    for message in damaged(seeds, COUNT, seed=len(query)):
        begun = time.thread_time()
        try:
            reply = decode_answer(message[:MAX_MESSAGE], query)
        except MessageError:
            outcomes["error"] += 1
        else:
            outcomes["value"] += 1
            check(reply)
        longest = max(longest, time.thread_time() - begun)

    assert longest < LONGEST
    assert min(outcomes.values()) > COUNT / 20, "the damage is neither too little nor too much"


def check(reply: Reply) -> None:
    assert reply.values
    assert all(len(value) < 255 for value in reply.values)
    assert 0 <= reply.ttl < 2**31
    assert 0 <= reply.scope < 256


@pytest.mark.parametrize("kind", ["CNAME", "CNAME for a place"])
def test_no_answer_names_a_region_outside_the_table(monkeypatch: pytest.MonkeyPatch, kind: str):
    query, targets = QUERIES[kind]
    clocks = planted(monkeypatch)
    messages = damaged(answers(query, targets), COUNT, seed=5)
    reports: list[tuple[str, dict[str, Any]]] = []

    def lookup(_seconds: float) -> tuple[str, int, int]:
        try:
            reply = decode_answer(next(messages)[:MAX_MESSAGE], query)
        except MessageError as error:
            raise LookupFailedError(str(error)) from error
        return reply.values[0], reply.ttl, reply.scope

    asked = Resolver(lookup, KEYS, report=lambda event, **facts: reports.append((event, facts)))
    keys = set()
    for _ in range(COUNT):
        answer = asked.answer()
        keys.add(answer and answer.key)
        clocks.sleep(MAX_TTL)

    assert keys - {None} == KEYS
    assert {event for event, _ in reports} == {"lookup-failed", "unknown-region", "region-changed", "recovered"}
    assert all(len(str(facts.get("reason", ""))) <= resolver.MAX_REASON for _, facts in reports)
