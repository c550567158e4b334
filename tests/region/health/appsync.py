"""An endpoint that answers as AppSync does to clients: whoever does not bear the token is refused."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class AppSync:
    """What was `asked`; an answer takes `seconds`, and is `answer`."""

    def __init__(self) -> None:
        self.token = "right"
        self.seconds = 0.0
        self.answer: Any = {"data": {"region": "eu-west-1"}}
        self.asked: list[str] = []
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["query"]
                time.sleep(here.seconds)
                if self.headers["Authorization"] == here.token:
                    here.asked.append(query)
                    self._say(200, here.answer)
                else:
                    self._say(401, {"errors": [{"errorType": "UnauthorizedException"}]})

            def _say(self, status: int, answer: Any) -> None:
                self.send_response(status)
                self.end_headers()
                with suppress(BrokenPipeError):  # who asked has given up, as some tests want
                    self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/graphql"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        """Harmless to repeat."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
