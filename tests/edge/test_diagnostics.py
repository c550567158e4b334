import json

import diagnostics
import pytest

from sandbox.cloudfront.rules import violations
from tests.edge.events import request

PATH = "/.well-known/antipodes"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_whoever_gets_the_path_asks_for_diagnostics(method: str):
    assert diagnostics.is_asked_for(request(method, PATH))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_other_method_does(method: str):
    assert not diagnostics.is_asked_for(request(method, PATH))


@pytest.mark.parametrize("uri", ["/", "/graphql", f"{PATH}/", f"{PATH}x", f"/x{PATH}", PATH.upper()])
def test_no_other_path_does(uri: str):
    assert not diagnostics.is_asked_for(request("GET", uri))


def test_the_answer_is_the_decision():
    answer = diagnostics.answer(("ireland", "dns"), age=12.345, edge_region="eu-west-2", edge_location="LHR")

    assert (answer["status"], answer["statusDescription"]) == ("200", "OK")
    assert json.loads(answer["body"]) == {
        "region": "ireland",
        "reason": "dns",
        "age": 12.3,
        "edgeRegion": "eu-west-2",
        "edgeLocation": "LHR",
    }
    assert violations(answer, request("GET", PATH)) == []


def test_what_is_not_known_is_null():
    answer = diagnostics.answer(("ireland", "any"), age=None, edge_region=None, edge_location=None)

    assert json.loads(answer["body"]) == {
        "region": "ireland",
        "reason": "any",
        "age": None,
        "edgeRegion": None,
        "edgeLocation": None,
    }
