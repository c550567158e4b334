"""Another API is deployed by changing api/ alone."""

import json
import shutil
import time
from pathlib import Path

import pytest

from tests.end_to_end.checkout import Checkout

pytestmark = pytest.mark.end_to_end

OTHER = Path(__file__).parents[1] / "other_api"


def test_a_second_different_api_deploys_and_answers_with_only_api_changed(checkout: Checkout):
    shutil.rmtree(checkout.root / "api")
    shutil.copytree(OTHER, checkout.root / "api", ignore=shutil.ignore_patterns("__pycache__"))
    checkout.done("up")
    token = checkout.done("token").strip()

    def ask(city: str, query: str) -> object:
        status, body = checkout.curl(checkout.connections["edges"][city] + "/graphql", query, token)
        assert status == 200
        answer = json.loads(body)
        assert "errors" not in answer, body
        return answer["data"]

    ask("London", 'mutation { openPoll(slug: "tea", question: "Tea?") { slug } }')
    ask("New York", 'mutation { vote(slug: "tea", voter: "ann", choice: YES) { choice } }')

    answer = ask("London", '{ poll(slug: "tea") { question tally { yes no } } votesOf(voter: "ann") { choice } }')
    assert answer == {"poll": {"question": "Tea?", "tally": {"yes": 1, "no": 0}}, "votesOf": [{"choice": "YES"}]}
    deadline = time.monotonic() + 10
    while ask("Melbourne", '{ poll(slug: "tea") { question } }') != {"poll": {"question": "Tea?"}}:
        assert time.monotonic() < deadline, "the poll has not reached Sydney"
