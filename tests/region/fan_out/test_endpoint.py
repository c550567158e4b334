import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.credentials import Credentials

from region.fan_out import endpoint
from region.fan_out.endpoint import Endpoint
from region.fan_out.outcome import Fate
from tests.region.fan_out.appsync import CREDENTIALS, REGION, AppSync
from tests.region.fan_out.stream import change


def endpoint_of(url: str, region: str = REGION, credentials: Credentials = CREDENTIALS) -> Endpoint:
    return Endpoint(url, region, credentials, connections=4)


def test_a_change_is_published_by_a_signed_mutation_whose_item_is_json_in_a_text(api: AppSync) -> None:
    outcome = endpoint_of(api.url).publish(change(1, word={"S": "Zürich 中"}, n={"N": "12345678901234567890"}))

    assert outcome.fate is Fate.PUBLISHED
    assert api.published == [{"id": "a", "word": "Zürich 中", "n": 12345678901234567890}]


@pytest.mark.parametrize(
    ("region", "credentials"),
    [
        ("eu-west-2", CREDENTIALS),
        (REGION, Credentials("AKIDEXAMPLE", "another secret key", "a session token")),
        (REGION, Credentials("AKIDEXAMPLE", "a secret key")),
    ],
)
def test_the_signature_is_one_of_this_region_and_these_credentials(
    api: AppSync, region: str, credentials: Credentials
) -> None:
    outcome = endpoint_of(api.url, region, credentials).publish(change(1))

    assert outcome.fate is Fate.AGAIN
    assert outcome.reason.startswith("HTTP 403")
    assert api.published == []


def test_connections_are_kept_and_used_by_many_at_once(api: AppSync) -> None:
    here = endpoint_of(api.url)
    with ThreadPoolExecutor(4) as threads:
        fates = [each.fate for each in threads.map(here.publish, map(change, range(40)))]

    assert fates == [Fate.PUBLISHED] * 40
    assert len(api.published) == 40
    assert len(api.connections) <= 4


def test_a_connection_that_lay_idle_is_not_used_again(api: AppSync) -> None:
    now = [0.0]
    here = Endpoint(api.url, REGION, CREDENTIALS, connections=4, clock=lambda: now[0])
    for now[0] in (0, 4, 8, 14):
        here.refresh()
        here.publish(change(1))

    assert len(api.connections) == 2


def test_an_endpoint_that_is_away_may_come_back() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = endpoint_of(f"http://127.0.0.1:{taken.getsockname()[1]}/graphql").publish(change(1))

    assert outcome.fate is Fate.AGAIN
    assert "refused" in outcome.reason


def test_a_connection_that_ends_without_an_answer_is_no_fault_of_the_change(api: AppSync) -> None:
    api.answers = [(0, None)]
    here = endpoint_of(api.url)

    assert here.publish(change(1)).fate is Fate.AGAIN
    assert here.publish(change(1)).fate is Fate.PUBLISHED


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = endpoint_of(f"http://127.0.0.1:{silent.getsockname()[1]}/graphql").publish(change(1))

    assert outcome.fate is Fate.AGAIN
    assert "timed out" in outcome.reason


def test_a_redirect_is_not_followed_with_a_signature_that_is_not_for_it(api: AppSync) -> None:
    api.answers = [(307, {})]

    assert endpoint_of(api.url).publish(change(1)).fate is Fate.AGAIN
    assert api.published == []


def test_a_change_without_an_item_is_a_fault_of_the_change(api: AppSync) -> None:
    broken = change(1)
    del broken.record["dynamodb"]["NewImage"]

    with pytest.raises(KeyError):
        endpoint_of(api.url).publish(broken)
    assert json.dumps(api.published) == "[]"
