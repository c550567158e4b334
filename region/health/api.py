"""Whether the region's API answers a query of a client's."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import urllib3

from .api_token import Token

_LOGGED = 500  # characters of an answer


class NoAnswerError(Exception):
    """The API answered with something else than the query's data; the message is for the log alone."""


class Api:
    """The API at AppSync's own host.

    Args:
        query: the document, as api/health.graphql has it.
        token: what clients present.
        count: is called for each request that is sent.
        seconds: that one request may take.
    """

    def __init__(self, url: str, query: str, token: Token, count: Callable[[], None], seconds: float) -> None:
        self._url = url
        self._content = json.dumps({"query": query}).encode()
        self._token = token
        self._count = count
        # Each query has a connection of its own: one that AppSync closed while Lambda froze this process would look
        # like an API that does not answer.
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=seconds), retries=False)

    def ask(self) -> None:
        """Asks the query, and once more where the token has been renewed.

        Raises:
            NoAnswerError: the answer has errors, or no data.
            Exception: there was no answer, or no token.
        """
        token = self._token.value()
        answer = self._send(token)
        if answer.status == HTTPStatus.UNAUTHORIZED and (other := self._token.renewed(token)):
            answer = self._send(other)
        if problem := judge(answer.status, answer.data):
            raise NoAnswerError(problem)

    def _send(self, token: str) -> Any:
        self._count()
        headers = {"Authorization": token, "Content-Type": "application/json", "Connection": "close"}
        return self._pool.request("POST", self._url, body=self._content, headers=headers)


def judge(status: int, body: bytes) -> str | None:
    """What is wrong with an answer; None where it is one."""
    said = f"HTTP {status}: {body[:_LOGGED].decode(errors='replace')}"
    if status != HTTPStatus.OK:
        return said
    try:
        answer = json.loads(body)
    except ValueError:
        return said
    if not isinstance(answer, dict) or answer.get("errors") or not answer.get("data"):
        return said
    return None
