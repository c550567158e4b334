import socket
import threading
import time
from collections.abc import Iterable, Iterator

import lookup
import pytest
from lookup import LookupFailedError

from tests.edge.name_server import LOOPBACK, Behaviour, cname, code, framed, serving, silence, truncated

RECORD = "latency-routing.example.com"
BUDGET_SECONDS = 0.9


def lookup_cname(servers: list[tuple[str, int]]) -> tuple[str, int, int]:
    return lookup.lookup_cname(RECORD, servers, BUDGET_SECONDS)


@pytest.fixture(autouse=True)
def within_budget() -> Iterator[None]:
    """No lookup, good or bad, takes a viewer more than the budget."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < BUDGET_SECONDS + 0.4  # the test's own servers have to stop, too


def test_the_answer_of_a_healthy_server_is_taken_at_the_first_try():
    with serving(cname("Ireland.", ttl=42)) as server:
        assert lookup_cname([server.address]) == ("ireland", 42, 0)
        assert server.asked == {"udp": 1, "tcp": 0}


def test_ids_and_source_ports_differ_from_query_to_query():
    ids = set()

    def answer(query: bytes) -> Iterable[bytes]:
        ids.add(query[:2])
        return cname("ireland.")(query)

    with serving(answer) as server:
        for _ in range(20):
            lookup_cname([server.address])

    assert len(ids) > 15


def test_a_silent_server_costs_less_than_a_second_and_is_named():
    with serving(silence) as server:
        begun = time.monotonic()
        with pytest.raises(LookupFailedError, match=r"127\.0\.0\.1: timed out"):
            lookup_cname([server.address])
        assert time.monotonic() - begun < BUDGET_SECONDS + 0.1
        assert server.asked["udp"] > 1


def test_one_lost_datagram_is_asked_for_again():
    def lose_first(query: bytes) -> Iterable[bytes]:
        return cname("ireland.")(query) if server.asked["udp"] > 1 else []

    with serving(lose_first) as server:
        assert lookup_cname([server.address])[0] == "ireland"


def test_the_next_server_answers_for_a_silent_one():
    with serving(silence) as silent, serving(cname("sydney.")) as healthy:
        assert lookup_cname([silent.address, healthy.address])[0] == "sydney"


def test_the_next_server_answers_at_once_for_one_that_fails():
    with serving(code("SERVFAIL")) as failing, serving(cname("sydney.")) as healthy:
        begun = time.monotonic()
        assert lookup_cname([failing.address, healthy.address])[0] == "sydney"
        assert time.monotonic() - begun < 0.2


def forged(query: bytes) -> list[bytes]:
    """What someone who cannot see the query would send."""
    wrong_id = bytes([query[0] ^ 1]) + query[1:]
    wrong_question = query.replace(b"example", b"examine")
    return [*cname("attacker.")(wrong_id), *cname("attacker.")(wrong_question), b"", b"noise"]


def test_forged_answers_do_not_keep_the_right_one_from_being_heard():
    with serving(lambda query: [*forged(query), *cname("ireland.")(query)]) as server:
        assert lookup_cname([server.address])[0] == "ireland"
        assert server.asked["udp"] == 1


def test_forged_answers_alone_are_a_failed_lookup():
    with serving(forged) as server, pytest.raises(LookupFailedError):
        lookup_cname([server.address])


def test_an_answer_from_another_address_is_not_heard():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere,
    ):
        asked.bind((LOOPBACK, 0))

        def answer_from_elsewhere() -> None:
            query, asker = asked.recvfrom(4096)
            [message] = cname("attacker.")(query)
            elsewhere.sendto(message, asker)

        thread = threading.Thread(target=answer_from_elsewhere)
        thread.start()
        with pytest.raises(LookupFailedError, match="timed out"):
            lookup_cname([asked.getsockname()])
        thread.join()


@pytest.mark.parametrize("text", ["NXDOMAIN", "SERVFAIL", "REFUSED", "NOERROR"])
def test_an_answer_without_a_cname_is_a_failed_lookup(text: str):
    with serving(code(text)) as server, pytest.raises(LookupFailedError):
        lookup_cname([server.address])


def test_a_pointer_loop_is_a_failed_lookup():
    def loop(query: bytes) -> list[bytes]:
        at = len(query)
        record = bytes([0xC0, at]) + b"\0\5\0\1\0\0\0\x3c\0\2" + bytes([0xC0, at])
        return [query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + query[12:] + record]

    with serving(loop) as server, pytest.raises(LookupFailedError, match="compressed"):
        lookup_cname([server.address])


def test_a_truncated_answer_is_asked_for_over_tcp():
    with serving(truncated, tcp=framed(cname("ireland.", ttl=7))) as server:
        assert lookup_cname([server.address]) == ("ireland", 7, 0)
        assert server.asked == {"udp": 1, "tcp": 1}


@pytest.mark.parametrize(
    ("tcp", "reason"),
    [
        (silence, "closed before"),
        (framed(truncated), "truncated"),
        (framed(lambda query: [query + b"\0" * 60_000]), "60045 bytes"),
        (framed(lambda _query: [b""]), "another id"),
        (lambda query: [piece[:-1] for piece in framed(cname("ireland."))(query)], "closed before"),
    ],
    ids=["closes", "truncates again", "sends noise", "sends an empty message", "stops short"],
)
def test_a_server_that_fails_over_tcp_too_is_a_failed_lookup(tcp: Behaviour, reason: str):
    with serving(truncated, tcp=tcp) as server, pytest.raises(LookupFailedError, match=reason):
        lookup_cname([server.address])


def test_a_server_that_drips_over_tcp_does_not_stretch_the_budget():
    def drip(query: bytes) -> Iterator[bytes]:
        for byte in b"".join(framed(cname("ireland."))(query)):
            time.sleep(0.02)
            yield bytes([byte])

    with serving(truncated, tcp=drip) as server, pytest.raises(LookupFailedError, match="timed out"):
        lookup_cname([server.address])


def test_a_port_where_nobody_listens_fails_at_once():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind((LOOPBACK, 0))
        address = closed.getsockname()

    begun = time.monotonic()
    with pytest.raises(LookupFailedError):
        lookup_cname([address])
    assert time.monotonic() - begun < 0.2
