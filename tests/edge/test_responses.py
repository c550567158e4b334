import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import responses

from sandbox.cloudfront.rules import violations
from tests.edge.events import request


def test_a_request_that_nobody_can_serve_now_is_answered_with_a_time_to_retry():
    response = responses.unavailable()

    assert (response["status"], response["statusDescription"]) == ("503", "Service Unavailable")
    assert response["headers"]["retry-after"] == [{"key": "Retry-After", "value": "5"}]
    assert json.loads(response["body"]) == {
        "errors": [{"message": "no region can serve this request now; try again in a few seconds"}]
    }


def test_a_router_at_the_wrong_event_says_so_and_asks_for_no_retry():
    response = responses.misplaced()

    assert (response["status"], response["statusDescription"]) == ("502", "Bad Gateway")
    assert "retry-after" not in response["headers"]
    assert json.loads(response["body"]) == {
        "errors": [{"message": "the router must be associated with the origin-request event of a custom origin"}]
    }


@pytest.mark.parametrize(
    "respond",
    [responses.unavailable, responses.misplaced, partial(responses.json_response, "200", "OK", {"a": None})],
    ids=["unavailable", "misplaced", "content"],
)
def test_any_page_may_read_a_response_and_nobody_keeps_it(respond: Callable[[], dict[str, Any]]):
    response = respond()

    assert (
        response["headers"].items()
        >= {
            "access-control-allow-origin": [{"key": "Access-Control-Allow-Origin", "value": "*"}],
            "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
            "content-type": [{"key": "Content-Type", "value": "application/json"}],
        }.items()
    )
    assert violations(response, request()) == []


def test_a_response_has_its_content_as_json():
    assert responses.json_response("200", "OK", {"a": None}) == {
        "status": "200",
        "statusDescription": "OK",
        "headers": responses.misplaced()["headers"],
        "body": '{"a": null}',
    }
