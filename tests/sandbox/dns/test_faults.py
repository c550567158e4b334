from collections.abc import Callable

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import pytest
from dns.message import Message
from dns.rcode import Rcode

from sandbox.dns.faults import FAULTS, Exchange, Reply, good

NAME = "latency-routing.example.com"
QUERY = dns.message.make_query(NAME, "CNAME", id=4660, options=[dns.edns.ECSOption("198.18.3.1", 24)])


def answer(target: str = "ireland.", identifier: int = 4660) -> bytes:
    message = dns.message.make_response(QUERY)
    message.id = identifier
    message.answer = [dns.rrset.from_text(f"{NAME}.", 60, "IN", "CNAME", target)]
    message.use_edns(0, options=[dns.edns.ECSOption("198.18.3.1", 24, 24)])
    return message.to_wire()


def over_udp(kind: str, turn: int = 0) -> Reply:
    return FAULTS[kind](Exchange(answer(), turn=turn))


def only(reply: Reply) -> Message:
    (wire,) = reply.messages
    return dns.message.from_wire(wire)


def test_without_a_fault_the_right_answer_comes_at_once():
    assert good(Exchange(answer())) == Reply((answer(),), 0.0)


@pytest.mark.parametrize(
    "kind", sorted(FAULTS.keys() - {"wrong-id", "wrong-question", "noise", "loop", "down", "flapping"})
)
def test_what_does_not_pretend_to_be_another_answer_is_one_to_the_question(kind: str):
    message = only(over_udp(kind))

    assert message.id == QUERY.id
    assert message.question == QUERY.question
    assert message.flags & dns.flags.QR
    assert [str(option) for option in message.options] == ["ECS 198.18.3.0/24 scope/24"]


@pytest.mark.parametrize(
    ("kind", "code"), [("servfail", Rcode.SERVFAIL), ("nxdomain", Rcode.NXDOMAIN), ("empty", Rcode.NOERROR)]
)
def test_an_answer_without_records_has_its_code(kind: str, code: Rcode):
    for tcp in (False, True):
        message = only(FAULTS[kind](Exchange(answer(), tcp)))
        assert (message.rcode(), message.answer, message.authority) == (code, [], [])


def test_a_server_that_is_down_says_nothing():
    assert over_udp("down") == Reply()
    assert FAULTS["down"](Exchange(answer(), tcp=True)) == Reply()


def test_a_slow_server_is_right_when_nobody_waits_any_more():
    assert over_udp("slow") == Reply((answer(),), 2.0)


def test_a_flapping_server_leaves_four_questions_without_an_answer_and_answers_four():
    heard = [bool(over_udp("flapping", turn=turn).messages) for turn in range(16)]

    assert heard == ([False] * 4 + [True] * 4) * 2


def test_a_truncated_answer_is_never_whole():
    message = only(over_udp("truncated"))

    assert message.flags & dns.flags.TC
    assert message.answer == []
    assert FAULTS["truncated"](Exchange(answer(), tcp=True)) == Reply()


def test_noise_is_as_long_as_can_be_and_leads_to_more_of_it_over_tcp():
    noise, cut = over_udp("noise").messages
    assert len(noise) == 65_507
    assert dns.message.from_wire(cut).flags & dns.flags.TC

    (stream,) = FAULTS["noise"](Exchange(answer(), tcp=True)).messages
    assert len(stream) == 65_535
    assert stream[:2] != answer()[:2]


def test_a_wrong_id_is_all_that_is_wrong_with_it():
    message = only(over_udp("wrong-id"))

    assert message.id != QUERY.id
    assert message.answer == dns.message.from_wire(answer()).answer


def test_a_wrong_question_is_all_that_is_wrong_with_it():
    message = only(over_udp("wrong-question"))

    assert message.id == QUERY.id
    assert str(message.question[0].name) == f"x{NAME[1:]}."
    assert message.answer == dns.message.from_wire(answer()).answer


@pytest.mark.parametrize("identifier", [4660, 4661], ids=["the alias", "the owner"])
def test_a_loop_is_a_pointer_to_itself(identifier: int):
    (wire,) = FAULTS["loop"](Exchange(answer(identifier=identifier))).messages

    with pytest.raises(dns.name.BadPointer):
        dns.message.from_wire(wire)
    at = 12 + len(NAME) + 2 + 4
    pointer = at if identifier % 2 else len(wire) - 2
    assert wire[pointer : pointer + 2] == (0xC000 | pointer).to_bytes(2, "big")
    header = dns.message.from_wire(wire[:at], ignore_trailing=True, continue_on_error=True)
    assert (header.id, header.question) == (identifier, QUERY.question)


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("unknown-key", (b"atlantis", b"")),
        ("other-domain", (b"ireland", b"example", b"net", b"")),
        ("upper-case", (b"IRELAND", b"")),
        ("trailing-dot", (b"ireland.", b"")),
    ],
)
def test_an_alias_leads_elsewhere(kind: str, labels: tuple[bytes, ...]):
    (rrset,) = only(over_udp(kind)).answer

    assert (str(rrset.name), rrset.ttl, len(rrset)) == (f"{NAME}.", 60, 1)
    assert rrset[0].target.labels == labels


def name_servers() -> bytes:
    message = dns.message.make_response(dns.message.make_query("example.com", "NS"))
    message.answer = [dns.rrset.from_text("example.com.", 60, "IN", "NS", "ns-1.awsdns-1.com.", "ns-2.awsdns-2.net.")]
    return message.to_wire()


def text() -> bytes:
    message = dns.message.make_response(dns.message.make_query("example.com", "TXT"))
    message.answer = [dns.rrset.from_text("example.com.", 60, "IN", "TXT", '"a"')]
    return message.to_wire()


@pytest.mark.parametrize("right", [name_servers, text, lambda: dns.message.make_response(QUERY).to_wire()])
@pytest.mark.parametrize("tcp", [False, True], ids=["UDP", "TCP"])
@pytest.mark.parametrize("kind", FAULTS)
def test_every_fault_has_something_for_every_answer(kind: str, right: Callable[[], bytes], tcp: bool):  # noqa: FBT001 - a parameter of the test
    assert all(isinstance(message, bytes) for message in FAULTS[kind](Exchange(right(), tcp)).messages)
