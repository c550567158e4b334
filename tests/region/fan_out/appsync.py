"""An endpoint that answers as AppSync does to IAM: whoever did not sign what arrived is refused."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.region.fan_out.stream import FIELD

REGION = "eu-west-1"
CREDENTIALS = Credentials("AKIDEXAMPLE", "a secret key", "a session token")


@dataclass
class AppSync:
    """What was published, and over how many connections; `answers` are given before the good ones."""

    url: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=list)
    published: list[Any] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if not signed(f"{self.url.removesuffix('/graphql')}{path}", method, headers, body):
            return 403, {"errors": [{"errorType": "IncompleteSignatureException", "message": "not signed"}]}
        request = json.loads(body)
        with self.lock:
            if self.answers:
                return self.answers.pop(0)
            self.published.append(json.loads(request["variables"]["item"]))
        return 200, {"data": {FIELD: {"id": "x"}}}


def signed(url: str, method: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the Authorization header holds the signature that botocore computes for what arrived."""
    given = dict(part.split("=", 1) for part in headers.get("authorization", " ").partition(" ")[2].split(", ") if part)
    names = given.get("SignedHeaders", "").split(";")
    request = AWSRequest(method, url, {name: headers[name] for name in names if name in headers}, body)
    request.context["timestamp"] = headers.get("x-amz-date", "")
    auth = SigV4Auth(CREDENTIALS, "appsync", REGION)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return (
        {"host", "x-amz-date", "x-amz-security-token"} <= set(names)
        and given["Credential"] == f"{CREDENTIALS.access_key}/{auth.credential_scope(request)}"
        and given["Signature"] == auth.signature(text, request)
        and headers["x-amz-security-token"] == CREDENTIALS.token
        and hashlib.sha256(body).hexdigest() in auth.canonical_request(request)
    )


@contextmanager
def appsync() -> Iterator[AppSync]:
    here = AppSync()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.connections.add(self.client_address)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = here.answer(self.command, self.path, headers, body)
            if status == 0:  # as a server that ends in the middle
                self.close_connection = True
                return
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.url = f"http://127.0.0.1:{server.server_port}/graphql"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
