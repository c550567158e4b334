"""A query to the end, in each region and by the global name: answered to the token, and refused to another."""

import json
import uuid
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from ops.reach import Answer
from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.site import Site

_QUERY = json.dumps({"query": "{ __typename }"}).encode()  # what every API answers
_LOGS = "See authorizer, token and regional host, and antipodes logs."


def judge_admitted(host: str, answer: Answer) -> Iterator[Fault]:
    """The answer to the stack's token."""
    said = answer.json()
    if answer.status != HTTPStatus.OK or not isinstance(said, Mapping) or not _has_data(said):
        yield Fault(f"{host} answers a query with HTTP {answer.status}: {_text(answer)}", _LOGS)


def judge_refused(host: str, answer: Answer) -> Iterator[Fault]:
    """The answer to a token that was made up."""
    if answer.status != HTTPStatus.UNAUTHORIZED:
        yield Fault(f"{host} answers a query with a wrong token with HTTP {answer.status}, not 401", _LOGS)


def _has_data(said: Mapping[str, Any]) -> bool:
    return isinstance(said.get("data"), Mapping) and not said.get("errors")


def _text(answer: Answer) -> str:
    return answer.body[:200].decode("utf-8", "replace")


def _ask(site: Site, host: str) -> Iterator[Fault]:
    if faults := list(judge_admitted(host, _post(site, host, site.token()))):
        yield from faults
        return
    # Never the same, for AppSync keeps what the authorizer said of a token.
    yield from judge_refused(host, _post(site, host, f"antipodes-verify-{uuid.uuid4()}"))


def _post(site: Site, host: str, token: str) -> Answer:
    headers = {"Content-Type": "application/json", "Authorization": token}
    return site.reach.send("POST", f"https://{host}/graphql", headers=headers, body=_QUERY)


def _global(site: Site) -> Iterator[Fault]:
    return _ask(site, site.host)


def _region(site: Site, key: str) -> Iterator[Fault]:
    return _ask(site, site.told("hosts", key))


REGIONAL = Link(
    "regional requests",
    "each region answers the token under its own name, and refuses another",
    in_region=_region,
    after=("hosted zone", "certificate", "regional host", "token", "authorizer"),
)
GLOBAL = Link(
    "requests",
    "the global name answers the token, and refuses another",
    once=_global,
    after=(
        *(
            "hosted zone",
            "global name",
            "certificate",
            "distribution",
            "router",
            "edge store",
            "latency records",
            "liveness records",
        ),
        *("regional host", "authorizer", "token", "regional requests"),
    ),
)
