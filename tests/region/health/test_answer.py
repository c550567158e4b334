import json
from typing import Any

import pytest

from region.health.answer import Answers

GOOD = {"tables": "ok", "canary": "ok", "api": "ok", "stream": "unknown"}
DRAINED = {"sydney": True, "tokyo": False, "virginia": None}


def ask(path: str, parts: dict[str, str] | None = None, method: str = "GET") -> tuple[int, Any]:
    answers = Answers("ireland", "0123456789ab", lambda: (parts or GOOD, 1.234), DRAINED.__getitem__)
    answer = answers.to(method, path)
    assert answer["headers"] == {"content-type": "application/json", "cache-control": "no-store"}
    return answer["statusCode"], json.loads(answer["body"])


def test_a_healthy_region_says_so_with_what_it_is_and_runs() -> None:
    assert ask("/") == (
        200,
        {"status": "healthy", "region": "ireland", "version": "0123456789ab", "parts": GOOD, "age": 1.2},
    )


def test_an_unhealthy_one_names_the_part_that_fails() -> None:
    status, told = ask("/", {**GOOD, "canary": "failed"})

    assert (status, told["status"], told["parts"]["canary"]) == (503, "unhealthy", "failed")


@pytest.mark.parametrize(("key", "status"), [("sydney", 200), ("tokyo", 404), ("virginia", 503)])
def test_only_a_drained_region_is_a_yes_and_what_cannot_be_read_is_none(key: str, status: int) -> None:
    assert ask(f"/drain/{key}") == (status, {"region": key, "drained": DRAINED[key]})


@pytest.mark.parametrize("path", ["/drain/", "/drain/a/b", "/favicon.ico", "", "/drain/Sydney"])
def test_nothing_else_is_there(path: str) -> None:
    assert ask(path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_it_is_there_to_be_read(method: str) -> None:
    assert ask("/", method=method)[0] == 405
