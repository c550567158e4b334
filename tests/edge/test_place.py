from pathlib import Path

import pytest

from sandbox.cloudfront.function_engine import run
from tests.edge.function_router import viewer_request

CODE = (Path(__file__).resolve().parents[2] / "edge" / "place" / "place.js").read_text(encoding="utf-8")
FORGED = {"x-antipodes-edge-location": "SYD", "x-antipodes-edge-address": "192.0.2.1"}


@pytest.mark.parametrize("sent", [{}, FORGED, {name: ["a", "b"] for name in FORGED}])
def test_the_router_is_told_the_place_whatever_the_viewer_sent(sent: dict[str, str]):
    event = viewer_request("POST", headers={"cookie": "a=1", **sent})

    result = run(CODE, event, edge_location={"name": "LHR", "serverIp": "198.18.3.1", "region": "eu-west-2"})

    told = {
        "x-antipodes-edge-location": {"value": "LHR"},
        "x-antipodes-edge-address": {"value": "198.18.3.1"},
    }
    assert result.request == {**event["request"], "headers": {**event["request"]["headers"], **told}}
    assert result.origin is None


@pytest.mark.parametrize("place", [None, {}, {"name": "LHR"}, {"serverIp": "198.18.3.1", "region": "eu-west-2"}])
def test_where_the_edge_does_not_tell_its_place_the_viewer_cannot_either(place: dict[str, str] | None):
    result = run(CODE, viewer_request(headers=FORGED), edge_location=place)

    assert result.request is not None
    assert result.request["headers"] == {"host": {"value": "global-api.example.com"}}
