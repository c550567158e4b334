"""How many changes a second one fan-out function publishes, and what publishing items side by side brings.

Baseline: the same batches through the same code with one thread, so one publication after the other. The endpoint
answers after 10 ms, about what a mutation without a data source takes in the region; signing and connections are real.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.credentials import Credentials
from rich.console import Console
from rich.table import Table

from region.fan_out.changes import Change
from region.fan_out.delivery import Delivery
from region.fan_out.endpoint import Endpoint
from region.fan_out.settled import Settled

_BATCH = 100  # records, as the event source mapping has it
_BATCHES = 5
_THREADS = 16  # as the handler has it
_SECONDS = 0.01
_FIELD = "publishEventChanged"
_DOCUMENT = "mutation ($item: AWSJSON!) { publishEventChanged(item: $item) { id name } }"
_STREAM = "arn:aws:dynamodb:eu-west-1:000000000000:table/example.com.events/stream/2026-01-01T00:00:00.000"


def run(console: Console) -> None:
    """Prints, for batches of more and fewer items, publications a second both ways and their ratio."""
    result = Table("items in a batch of 100", "published/s", "one by one/s", "ratio", box=None)
    with _endpoint() as url:
        for items in (100, 10, 1):
            ours, alone = (_throughput(url, items, threads) for threads in (_THREADS, 1))
            result.add_row(str(items), f"{ours:.0f}", f"{alone:.0f}", f"{ours / alone:.1f}")
    console.print(result)


def _throughput(url: str, items: int, threads: int) -> float:
    """Publications a second."""
    endpoint = Endpoint(url, "eu-west-1", Credentials("AKIDEXAMPLE", "secret"), connections=threads)
    delivery = Delivery(endpoint.publish, _bury, Settled(), threads)
    batches = [[_change(batch * _BATCH + n, n % items) for n in range(_BATCH)] for batch in range(_BATCHES + 1)]
    begun = 0.0
    for batch in batches:
        if left := delivery(batch, lambda: True):
            raise SystemExit(f"{len(left)} changes were not published, so there is nothing to measure")
        begun = begun or time.perf_counter()  # the first batch opens the connections
    return _BATCHES * _BATCH / (time.perf_counter() - begun)


def _bury(_: Change, reason: str) -> None:
    raise SystemExit(f"the endpoint refused a change: {reason}")


def _change(number: int, item: int) -> Change:
    key = {"id": {"S": f"item-{item}"}}
    record = {
        "eventID": f"event-{number}",
        "eventName": "MODIFY",
        "eventSourceARN": _STREAM,
        "dynamodb": {"Keys": key, "SequenceNumber": str(number), "NewImage": {**key, "name": {"S": "a name"}}},
    }
    return Change(record, _FIELD, _DOCUMENT)


@contextmanager
def _endpoint() -> Iterator[str]:
    """An endpoint that takes every publication; its URL."""
    answer = json.dumps({"data": {_FIELD: {"id": "x", "name": "a name"}}}).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # the answer in one packet

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(_SECONDS)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/graphql"
    finally:
        server.shutdown()
        server.server_close()
