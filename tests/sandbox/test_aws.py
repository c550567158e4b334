"""Clients of the embedded AWS, whatever the user's environment says of the real one."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sandbox.aws import Clients
from sandbox.ports import LOOPBACK

IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""


class Sts(BaseHTTPRequestHandler):
    """Gives the identity, and keeps who asked."""

    authorizations: list[str] = []  # noqa: RUF012 - of the one server of a test

    def do_POST(self) -> None:
        self.authorizations.append(self.headers["Authorization"])
        self.send_response(200)
        self.send_header("Content-Length", str(len(IDENTITY)))
        self.end_headers()
        self.wfile.write(IDENTITY)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    with HTTPServer((LOOPBACK, 0), Sts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


def account(endpoint: str) -> str:
    return str(Clients(endpoint)("sts").get_caller_identity()["Account"])


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_no_call_goes_through_a_proxy(name: str, endpoint: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert account(endpoint) == "000000000000"


def test_a_profile_that_is_not_there_is_not_looked_for(endpoint: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_PROFILE", "of-a-former-job")
    assert account(endpoint) == "000000000000"


@pytest.mark.parametrize("variable", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_broken_file_of_the_user_is_not_read(
    variable: str, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    broken = tmp_path / "file"
    broken.write_text("no [section\n")
    monkeypatch.setenv(variable, str(broken))
    assert account(endpoint) == "000000000000"


def test_no_setting_nor_credential_of_the_user_reaches_a_call(endpoint: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOFTHEUSER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the user")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "maybe")
    monkeypatch.setenv("AWS_RETRY_MODE", "never heard of")
    assert account(endpoint) == "000000000000"
    assert "Credential=sandbox/" in Sts.authorizations[-1]
