"""A viewer in a city: asks the API through that city's edge location, over real TLS."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rdatatype
import urllib3

from geography import CITIES, edge_cache_of
from sandbox.errors import ViewerError
from sandbox.ports import LOOPBACK, Ports

_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What came back: `origin` is the regional host that answered, `milliseconds` the whole exchange."""

    city: str
    status: int
    body: str
    origin: str | None
    milliseconds: float


def ask(ports: Ports, ca: Path, city: str, host: str, query: str, token: str | None) -> Answer:
    """POSTs a GraphQL query to `host` from `city`.

    Raises:
        ViewerError: no connection, no answer in time, or no TLS that the sandbox's CA vouches for.
    """
    headers = {"Host": host, "Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = token
    with urllib3.HTTPSConnectionPool(
        # `.localhost` is this machine, but not every resolver knows it: connect by address, verify by name.
        LOOPBACK,
        ports.edges[city],
        server_hostname=host,
        assert_hostname=host,
        ca_certs=str(ca),
        retries=False,
        timeout=_SECONDS,
    ) as pool:
        begun = time.perf_counter()
        try:
            response = pool.request("POST", "/graphql", body=json.dumps({"query": query}), headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise ViewerError(_no_answer(f"the edge location in {city}", error)) from error
        took = (time.perf_counter() - begun) * 1000
    return Answer(city, response.status, response.data.decode(), response.headers.get("x-sandbox-origin"), took)


def latency_key(ports: Ports, city: str, record: str, seconds: float) -> str | None:
    """The region key that Route 53 gives to the regional edge cache behind the city's location, or None.

    Raises:
        ViewerError: no answer within `seconds`.
    """
    region = edge_cache_of(CITIES[city])
    question = dns.message.make_query(record, dns.rdatatype.CNAME)
    try:
        answer = dns.query.udp(question, LOOPBACK, port=ports.dns[region], timeout=seconds)
    except (dns.exception.DNSException, OSError) as error:
        raise ViewerError(_no_answer(f"the DNS in {region}", error)) from error
    for rrset in answer.answer:
        return str(rrset[0].target).rstrip(".")
    return None


def _no_answer(part: str, error: Exception) -> str:
    why = str(error).rstrip(".")
    return (
        f"no answer from {part}: {why}. Where no fault is planted (antipodes fault list), start the sandbox anew with: "
        "antipodes down, then antipodes up"
    )
