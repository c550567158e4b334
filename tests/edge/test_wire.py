import dns.exception
import dns.name
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from wire import MessageError, encode_name, name_text, read_name, read_number

labels = st.from_regex(r"[A-Za-z0-9_-]{1,63}", fullmatch=True)
names = st.lists(labels, min_size=1, max_size=6).map(".".join).filter(lambda name: len(name) <= 253)


def octets(name: dns.name.Name) -> bytes:
    wire = name.to_wire()
    assert wire is not None
    return wire


@given(names)
def test_a_name_is_encoded_as_dnspython_does(name: str):
    assert encode_name(name) == encode_name(name + ".") == octets(dns.name.from_text(name))


@pytest.mark.parametrize("labels", [[63, 63, 63, 61], [63], [1] * 127], ids=repr)
def test_the_longest_names_can_be_asked_for(labels: list[int]):
    wire = encode_name(".".join("x" * size for size in labels))

    assert read_name(wire, 0) == (wire, len(wire))


@pytest.mark.parametrize(
    "name",
    ["", ".", "a..b", ".a", "a" * 64, ".".join(["x" * 63] * 3 + ["x" * 62]), ".".join("x" * 128), "münchen.example"],
)
def test_what_is_no_dns_name_is_refused_by_name(name: str):
    with pytest.raises(MessageError, match="is no DNS name") as refused:
        encode_name(name)
    assert repr(name) in str(refused.value)


@given(st.lists(st.binary(min_size=1, max_size=63), max_size=4))
def test_a_name_is_read_in_lower_case_to_its_end(parts: list[bytes]):
    assume(sum(len(part) + 1 for part in parts) < 255)
    wire = octets(dns.name.Name([*parts, b""]))

    read, end = read_name(b"\1a" + wire + b"rest", 2)

    assert read == wire.lower()
    assert end == 2 + len(wire)
    assert name_text(read) == b".".join(parts).lower().decode("latin-1")


@given(st.binary(max_size=40), st.integers(0, 45))
@example(b"\1a\0\xc0\0", 3)
@example(b"\1a\xc0\0", 2)
@example(b"\xc0\0", 0)
def test_a_name_that_is_read_is_the_one_that_dnspython_reads(message: bytes, at: int):
    try:
        read, end = read_name(message, at)
    except MessageError:
        return
    name, used = dns.name.from_wire(message, at)
    assert read == octets(name).lower()
    assert end == at + used


compressed = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=5).map(lambda label: bytes([len(label)]) + label),
        st.integers(0, 24).map(lambda target: bytes([0xC0, target])),
        st.just(b"\0"),
    ),
    max_size=8,
).map(b"".join)


@given(compressed, st.integers(0, 24))
@example(b"\1\0\xc0\1", 0)  # into itself
def test_what_dnspython_refuses_is_refused_too(message: bytes, at: int):
    try:
        dns.name.from_wire(message, at)
    except (dns.exception.DNSException, IndexError):
        with pytest.raises(MessageError):
            read_name(message, at)
    else:
        read_name(message, at)  # a message this short has no chain of pointers that is too long


def test_a_number_has_its_octets_in_network_order():
    assert read_number(b"\1\2\3\4", 1, 2) == 0x0203
    assert read_number(b"\1\2\3\4", 2, 2) == 0x0304


@pytest.mark.parametrize(("at", "size"), [(3, 2), (4, 1), (100, 1)])
def test_a_number_beyond_the_end_is_an_error(at: int, size: int):
    with pytest.raises(MessageError, match=r"^the answer ends too early$"):
        read_number(b"\1\2\3\4", at, size)
