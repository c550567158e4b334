import random
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from dns.edns import ECSOption, GenericOption, Option, OptionType
from dns.name import Name
from hypothesis import assume, given
from hypothesis import strategies as st
from message import CNAME, NS, A, MismatchError, TruncatedError, decode_answer, encode_query
from subnet import encode_subnet
from wire import MessageError

RECORD = "latency-routing.example.com"
QUERY = encode_query(RECORD, CNAME, 0x1234)
ANSWER_AT = len(QUERY)


def decode(message: bytes, query: bytes = QUERY) -> tuple[str, int]:
    reply = decode_answer(message, query)
    return reply.values[0], reply.ttl


labels = st.binary(min_size=1, max_size=63)
host_names = st.lists(st.from_regex(r"[a-z0-9_]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True), min_size=1, max_size=6)


def record_set(text: str) -> dns.rrset.RRset:
    name, ttl, kind, value = text.replace(" IN ", " ").split(maxsplit=3)
    return dns.rrset.from_text(name, int(ttl), "IN", kind, value)


def response(*records: str, query: bytes = QUERY) -> dns.message.Message:
    message = dns.message.make_response(dns.message.from_wire(query), recursion_available=True)
    message.answer = [record_set(record) for record in records]
    return message


def raw(answer: bytes, count: int = 1, flags: int = 0x8180) -> bytes:
    header = QUERY[:2] + flags.to_bytes(2, "big") + b"\0\1" + count.to_bytes(2, "big") + b"\0\0\0\0"
    return header + QUERY[12:] + answer


def cname(owner: bytes, target: bytes, *, ttl: int = 60, size: int | None = None) -> bytes:
    length = len(target) if size is None else size
    return owner + b"\0\5\0\1" + ttl.to_bytes(4, "big") + length.to_bytes(2, "big") + target


SELF = b"\xc0\x0c"


@given(host_names, st.sampled_from([("A", A), ("NS", NS), ("CNAME", CNAME)]), st.integers(0, 0xFFFF))
def test_a_query_is_what_dnspython_would_send(name: list[str], kind: tuple[str, bytes], identifier: int):
    expected = dns.message.make_query(".".join(name), kind[0], id=identifier).to_wire()

    assert encode_query(".".join(name), kind[1], identifier) == expected


def test_a_trailing_dot_changes_nothing_in_a_query():
    assert encode_query(RECORD + ".", CNAME, 0x1234) == QUERY


def test_what_is_no_dns_name_is_not_asked_for():
    with pytest.raises(MessageError, match="is no DNS name"):
        encode_query("a..b", CNAME, 1)


@given(host_names, st.integers(0, 0xFFFF), st.ip_addresses())
def test_a_query_for_a_place_is_what_dnspython_would_send_to_a_zones_own_server(
    name: list[str], identifier: int, address: IPv4Address | IPv6Address
):
    subnet = encode_subnet(str(address))
    assert subnet is not None
    option = ECSOption(str(address), 24 if address.version == 4 else 56)
    expected = dns.message.make_query(".".join(name), "CNAME", id=identifier, flags=0, payload=1232, options=[option])

    assert encode_query(".".join(name), CNAME, identifier, subnet) == expected.to_wire()


def test_the_cname_and_its_ttl_are_read():
    assert decode(response(f"{RECORD}. 60 IN CNAME ireland.").to_wire(), QUERY) == ("ireland", 60)


@given(st.lists(labels, min_size=1, max_size=5), st.integers(0, 2**31 - 1))
def test_every_target_is_read_as_dnspython_wrote_it(target: list[bytes], ttl: int):
    assume(sum(len(label) + 1 for label in target) < 255)
    message = response(f"{RECORD}. {ttl} IN CNAME placeholder.")
    message.answer[0] = dns.rrset.from_rdata(
        dns.name.from_text(RECORD),
        ttl,
        dns.rrset.from_text("x.", 1, "IN", "CNAME", "x.")[0].replace(target=Name([*target, b""])),
    )

    text = b".".join(target).lower().decode("latin-1")
    assert decode(message.to_wire(), QUERY) == (text, ttl)


def test_upper_case_and_compression_make_no_difference():
    message = response(f"{RECORD.upper()}. 60 IN CNAME Ireland.{RECORD}.")

    assert decode(message.to_wire(), QUERY)[0] == f"ireland.{RECORD}"


def test_a_question_echoed_in_another_case_is_the_same_question():
    echoed = response(f"{RECORD}. 60 IN CNAME ireland.").to_wire().replace(b"latency", b"LaTeNcY", 1)

    assert decode(echoed, QUERY) == ("ireland", 60)


def test_records_beside_the_cname_are_passed_over():
    message = response(
        f"{RECORD}. 60 IN TXT note", "other.example.com. 60 IN CNAME sydney.", f"{RECORD}. 60 IN CNAME ireland."
    )

    assert decode(message.to_wire(), QUERY)[0] == "ireland"


def test_a_ttl_with_the_highest_bit_set_means_zero():
    assert decode(raw(cname(SELF, b"\1k\0", ttl=2**31 + 60)), QUERY) == ("k", 0)


def test_another_id_is_another_answer():
    with pytest.raises(MismatchError, match=r"^the answer has another id$"):
        decode(response(query=encode_query(RECORD, CNAME, 0x4321)).to_wire(), QUERY)


def test_another_question_is_another_answer():
    other = encode_query("latency-routing.example.org", CNAME, 0x1234)

    with pytest.raises(MismatchError, match=r"^the answer has another question$"):
        decode(response("latency-routing.example.org. 60 IN CNAME ireland.", query=other).to_wire(), QUERY)


def test_the_question_for_another_type_is_another_answer():
    asked_for_a = QUERY[:-4] + b"\0\1\0\1"

    with pytest.raises(MismatchError, match=r"^the answer has another question$"):
        decode(response(f"{RECORD}. 60 IN CNAME ireland.", query=asked_for_a).to_wire(), QUERY)


def test_a_query_sent_back_is_no_answer():
    with pytest.raises(MismatchError, match=r"^the message is no answer to a query$"):
        decode(QUERY, QUERY)


def test_an_answer_to_another_operation_is_another_answer():
    with pytest.raises(MismatchError, match=r"^the message is no answer to a query$"):
        decode(raw(cname(SELF, b"\1k\0"), flags=0xA180), QUERY)


def test_an_answer_to_two_questions_is_another_answer():
    answer = bytearray(raw(cname(SELF, b"\1k\0")))
    answer[5] = 2

    with pytest.raises(MismatchError, match=r"^the answer has another question$"):
        decode(bytes(answer), QUERY)


def test_a_truncated_answer_is_told_apart():
    message = response(f"{RECORD}. 60 IN CNAME ireland.")
    message.flags |= dns.flags.TC

    with pytest.raises(TruncatedError, match=r"^the answer is truncated$"):
        decode(message.to_wire(), QUERY)


@pytest.mark.parametrize(
    ("code", "told"),
    [*((name, name) for name in ("NXDOMAIN", "SERVFAIL", "REFUSED", "FORMERR", "NOTIMP")), ("YXDOMAIN", "code 6")],
)
def test_an_error_code_is_named(code: str, told: str):
    message = response()
    message.set_rcode(dns.rcode.from_text(code))

    with pytest.raises(MessageError, match=f"^the server answered {told}$"):
        decode(message.to_wire(), QUERY)


@pytest.mark.parametrize(
    "records",
    [(), (f"{RECORD}. 60 IN A 192.0.2.1",), ("other.example.com. 60 IN CNAME ireland.",)],
    ids=["empty", "another type", "another owner"],
)
def test_an_answer_without_the_cname_is_an_error(records: tuple[str, ...]):
    with pytest.raises(MessageError, match=r"^the answer holds no such record of the name that was asked$"):
        decode(response(*records).to_wire(), QUERY)


NS_QUERY = encode_query("example.com", NS, 7)
A_QUERY = encode_query("ns-1.awsdns-1.com", A, 7)


def test_the_names_of_a_zones_servers_are_read_in_their_order_with_the_shortest_ttl():
    servers = [
        f"{ttl} NS ns-{number}.awsdns-{number}.{domain}."
        for ttl, number, domain in [(172800, 1, "com"), (600, 2, "net"), (3600, 3, "example.com")]
    ]
    message = response(query=NS_QUERY)
    message.answer = [record_set(f"example.com. {server}") for server in servers]

    reply = decode_answer(message.to_wire(), NS_QUERY)

    assert reply.values == ["ns-1.awsdns-1.com", "ns-2.awsdns-2.net", "ns-3.awsdns-3.example.com"]
    assert reply.ttl == 600


@given(st.lists(st.ip_addresses(v=4), min_size=1, max_size=5, unique=True))
def test_the_addresses_of_a_server_are_read(addresses: list[IPv4Address]):
    message = response(query=A_QUERY)
    message.answer = [
        dns.rrset.from_text_list("ns-1.awsdns-1.com.", 60, "IN", "A", [str(address) for address in addresses])
    ]

    read = decode_answer(message.to_wire(), A_QUERY).values  # dnspython writes them in any order

    assert sorted(read) == sorted(str(address) for address in addresses)


@pytest.mark.parametrize("data", [b"", b"\x7f\0\0", b"\x7f\0\0\1\1"], ids=["none", "three", "five"])
def test_an_address_has_four_octets(data: bytes):
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c" + len(data).to_bytes(2, "big") + data
    message = A_QUERY[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + A_QUERY[12:] + record

    with pytest.raises(MessageError, match=r"^an address does not fill its record$"):
        decode_answer(message, A_QUERY)


@pytest.mark.parametrize("kind", [A, NS], ids=["A", "NS"])
def test_an_answer_with_records_of_another_type_only_is_an_error(kind: bytes):
    query = encode_query(RECORD, kind, 7)

    with pytest.raises(MessageError, match=r"^the answer holds no such record of the name that was asked$"):
        decode_answer(response(f"{RECORD}. 60 IN CNAME ireland.", query=query).to_wire(), query)


SUBNET = b"\0\1\x18\0\xc6\x12\x03"
PLACE_QUERY = encode_query(RECORD, CNAME, 0x1234, SUBNET)


def from_the_zone(*options: Option) -> dns.message.Message:
    message = response(f"{RECORD}. 60 IN CNAME sydney.", query=PLACE_QUERY)
    message.authority = [record_set("example.com. 172800 IN NS ns-1.awsdns-1.com.")]
    message.use_edns(0, payload=4096, options=list(options))
    return message


COOKIE = GenericOption(OptionType.COOKIE, b"12345678")


@pytest.mark.parametrize("scope", [0, 16, 24, 32])
def test_the_scope_of_an_answer_for_a_place_is_read(scope: int):
    message = from_the_zone(COOKIE, ECSOption("198.18.3.0", 24, scope))

    reply = decode_answer(message.to_wire(), PLACE_QUERY)

    assert (reply.values, reply.ttl, reply.scope) == (["sydney"], 60, scope)


@pytest.mark.parametrize("options", [(), (COOKIE,)], ids=["none", "others"])
def test_an_answer_without_a_subnet_is_for_any_asker(options: tuple[Option, ...]):
    assert decode_answer(from_the_zone(*options).to_wire(), PLACE_QUERY).scope == 0


def test_an_answer_of_a_server_without_edns_is_for_any_asker():
    message = from_the_zone()
    message.use_edns(edns=False)

    assert decode_answer(message.to_wire(), PLACE_QUERY).scope == 0


@pytest.mark.parametrize(
    "subnet",
    [ECSOption("198.18.4.0", 24, 24), ECSOption("198.18.0.0", 16, 16), ECSOption("2001:db8::", 24, 24)],
    ids=str,
)
def test_an_answer_for_another_subnet_is_another_answer(subnet: ECSOption):
    with pytest.raises(MismatchError, match=r"^the answer is for another subnet$"):
        decode_answer(from_the_zone(subnet).to_wire(), PLACE_QUERY)


@pytest.mark.parametrize("section", ["authority", "additional"])
def test_a_record_in_another_section_is_no_answer(section: str):
    message = from_the_zone(ECSOption("198.18.3.0", 24, 24))
    message.answer, message.authority = [], []
    setattr(message, section, [record_set(f"{RECORD}. 60 IN CNAME sydney.")])

    with pytest.raises(MessageError, match=r"^the answer holds no such record of the name that was asked$"):
        decode_answer(message.to_wire(), PLACE_QUERY)


def test_an_answer_for_a_place_is_read_to_its_end():
    whole = from_the_zone(ECSOption("198.18.3.0", 24, 24)).to_wire()

    for size in range(len(whole)):
        with pytest.raises(MessageError):
            decode_answer(whole[:size], PLACE_QUERY)


def test_an_option_beyond_its_record_is_an_error():
    whole = from_the_zone(COOKIE).to_wire()

    with pytest.raises(MessageError, match=f"^{CUT_SHORT}$"):
        decode_answer(whole[:-14] + b"\0\3\0\x0a\0", PLACE_QUERY)


def test_what_follows_the_answers_to_a_resolvers_client_is_not_read():
    message = response(f"{RECORD}. 60 IN CNAME ireland.")
    message.use_edns(0)

    assert decode(message.to_wire()) == decode(message.to_wire()[:-11]) == ("ireland", 60)


FIRST_TARGET = ANSWER_AT + len(SELF) + 10


COMPRESSED = "a name is compressed in a way that is not allowed"
CUT_SHORT = "the answer ends too early"
MALFORMED = {
    "a pointer to itself": (cname(SELF, b"\xc0" + bytes([FIRST_TARGET])), COMPRESSED),
    "a forward pointer": (cname(SELF, b"\xc0" + bytes([FIRST_TARGET + 2])) + b"\1k\0", COMPRESSED),
    "a loop through a label": (cname(SELF, b"\1a\xc0" + bytes([FIRST_TARGET])), COMPRESSED),
    "an owner that points to itself": (cname(b"\xc0" + bytes([ANSWER_AT]), b"\1k\0"), COMPRESSED),
    "a reserved label type": (cname(SELF, b"\x80\x0c"), COMPRESSED),
    "another reserved label type": (cname(SELF, b"\x40\x0c"), COMPRESSED),
    "a record longer than the message": (cname(SELF, b"\1k\0", size=200), CUT_SHORT),
    "a name shorter than its record": (cname(SELF, b"\1k\0\0"), "a name does not fill its record"),
    "a long name": (cname(SELF, (b"\x3f" + b"x" * 63) * 4 + b"\0"), "a name is longer than 255 octets"),
    "a message cut short": (cname(SELF, b"\1k\0")[:-1], CUT_SHORT),
    "fewer records than announced": (b"", CUT_SHORT),
}


@pytest.mark.parametrize(("answer", "reason"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_answer_is_an_error(answer: bytes, reason: str):
    with pytest.raises(MessageError, match=f"^{reason}$"):
        decode(raw(answer), QUERY)


def chained(pointers: int) -> bytes:
    """A CNAME whose target takes so many pointers, the chain lying in a record before it."""
    start = ANSWER_AT + len(SELF) + 10
    chain = b"\1k\0" + (0xC000 | start).to_bytes(2, "big")
    while len(chain) < 3 + 2 * (pointers - 1):
        chain += (0xC000 | start + len(chain) - 2).to_bytes(2, "big")
    note = SELF + b"\0\x10\0\1\0\0\0\1" + len(chain).to_bytes(2, "big") + chain
    return raw(note + cname(SELF, (0xC000 | start + len(chain) - 2).to_bytes(2, "big")), count=2)


def test_a_chain_of_pointers_is_followed_only_so_far():
    assert decode(chained(16), QUERY)[0] == "k"
    with pytest.raises(MessageError, match=f"^{COMPRESSED}$"):
        decode(chained(17), QUERY)


@given(st.binary(max_size=600))
def test_no_bytes_raise_anything_but_the_own_error(noise: bytes):
    for message in (noise, raw(noise), raw(noise, count=65535), raw(cname(SELF, noise))):
        try:
            target, ttl = decode(message, QUERY)
        except MessageError:
            continue
        assert len(target) <= 255
        assert 0 <= ttl < 2**31


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_damage_to_a_good_answer_raises_anything_but_the_own_error(damage: list[tuple[int, int]]):
    message = bytearray(response(f"{RECORD}. 60 IN CNAME ireland.", f"{RECORD}. 60 IN TXT note").to_wire())
    for at, value in damage:
        message[at % len(message)] = value
    with suppress(MessageError):
        decode(bytes(message), QUERY)


def test_64_kilobytes_of_noise_are_refused_in_little_time():
    noise = random.Random(1).randbytes(65_000)  # noqa: S311 - noise, not a secret

    with pytest.raises(MessageError):
        decode(raw(noise, count=65535), QUERY)
