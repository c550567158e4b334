import contextlib
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.certificates import CertificateAuthority
from sandbox.tls_listener import server_name


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> str | None:
    """Joins the two ends in memory; the TLS version that they agree on."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    open_ends = list(ends)
    for _ in range(8):
        for end in list(open_ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            open_ends.remove(end)
    assert not open_ends
    return ends[0].version()


def hello(name: str | None) -> bytes:
    """What a client sends first."""
    context = ssl.create_default_context()
    context.check_hostname = name is not None
    out = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name).do_handshake()
    return out.read()


def test_names_and_wildcards_are_trusted_and_no_other_name_is(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path)
    server = authority.server_context(["example.test", "*.example.test"])
    handshake(server, authority.client_context(), "example.test")
    handshake(server, authority.client_context(), "a.example.test")
    for other in ("a.b.example.test", "example.com"):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(server, authority.client_context(), other)


def test_the_authority_outlives_the_process_and_keeps_its_key_to_itself(tmp_path: Path) -> None:
    before = CertificateAuthority(tmp_path)
    after = CertificateAuthority(tmp_path)
    handshake(after.server_context(["a.test"]), before.client_context(), "a.test")
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the version is old, as it must be
def test_old_versions_of_tls_are_refused(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path)
    client = authority.client_context()
    client.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    client.maximum_version = ssl.TLSVersion.TLSv1_1
    client.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        handshake(authority.server_context(["a.test"]), client, "a.test")
    only_newest = authority.server_context(["a.test"], ssl.TLSVersion.TLSv1_3)
    assert handshake(only_newest, authority.client_context(), "a.test") == "TLSv1.3"


def test_a_hello_tells_the_name_that_it_asks_for() -> None:
    assert server_name(hello("Ireland.Example.test")) == "ireland.example.test"
    assert server_name(hello(None)) == ""


@given(st.integers(min_value=0, max_value=200))
def test_a_hello_that_is_not_whole_yet_tells_nothing(length: int) -> None:
    assert server_name(hello("example.test")[:length]) is None


@given(st.binary(min_size=1))
def test_no_bytes_do_worse_than_a_tls_error(data: bytes) -> None:
    with contextlib.suppress(ssl.SSLError):
        assert server_name(data) in (None, "")
