"""The test of the published design, with the same curl, from both ends of the world."""

import json

import pytest

from tests.end_to_end.checkout import Checkout

pytestmark = pytest.mark.end_to_end

LIST = "query { listEvents { items { name } } }"
NAMES = {"ireland": "Ireland", "sydney": "Sydney"}


@pytest.fixture(scope="module")
def token(checkout: Checkout) -> str:
    """The token of a stack in which each region holds one event, made through its own regional endpoint."""
    checkout.set_config(data="regional", home=None)
    checkout.done("up")
    value = checkout.done("token").strip()
    for key, name in NAMES.items():
        create = (
            f'mutation CreateEvent {{ createEvent(name: "{name}" when: "" where: "" description: "") {{ id name }} }}'
        )
        status, body = checkout.curl(f"{checkout.connections['regions'][key]}/graphql", create, value)
        assert (status, json.loads(body)["data"]["createEvent"]["name"]) == (200, name)
    return value


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
@pytest.mark.parametrize(("city", "name"), [("London", "Ireland"), ("Melbourne", "Sydney")])
def test_the_same_curl_is_answered_by_the_region_that_is_near(
    checkout: Checkout, token: str, city: str, name: str, path: str
):
    answer = checkout.curl(checkout.connections["edges"][city] + path, LIST, token)

    assert answer == (200, f'{{"data":{{"listEvents":{{"items":[{{"name":"{name}"}}]}}}}}}')


@pytest.mark.parametrize(("city", "key"), [("London", "ireland"), ("Melbourne", "sydney")])
def test_the_region_that_answered_names_itself_to_the_viewer(checkout: Checkout, token: str, city: str, key: str):
    url = checkout.connections["edges"][city] + "/graphql"

    assert checkout.header(url, LIST, token, "server-timing") == f'antipodes;desc="{key}"'
    assert checkout.header(url, LIST, token, "timing-allow-origin") == "*"
    assert checkout.header(url, LIST, "wrong", "server-timing") == ""


@pytest.mark.parametrize("wrong", ["custom-authorized", "", None], ids=["wrong", "empty", "missing"])
@pytest.mark.parametrize("city", ["London", "Melbourne"])
def test_a_wrong_token_and_no_token_get_401(checkout: Checkout, token: str, city: str, wrong: str | None):
    status, body = checkout.curl(checkout.connections["edges"][city] + "/graphql", LIST, wrong)

    assert status == 401
    assert json.loads(body)["errors"][0]["errorType"] == "UnauthorizedException"
    assert token not in body


def test_the_whole_sample_api_works_through_the_global_endpoint(checkout: Checkout, token: str):
    url = checkout.connections["edges"]["London"] + "/graphql"

    def ask(query: str) -> dict[str, object]:
        status, body = checkout.curl(url, query, token)
        answer = json.loads(body)
        assert status == 200
        assert "errors" not in answer, body
        return dict(answer["data"])

    made = ask('mutation { createEvent(name: "Party", when: "now", where: "here", description: "x") { id } }')
    key = made["createEvent"]["id"]  # type: ignore[index]
    for content in ("first", "second"):
        comment = f'eventId: "{key}", content: "{content}", createdAt: "2000-01-01"'
        ask(f"mutation {{ commentOnEvent({comment}) {{ commentId }} }}")
    event = ask(f'{{ getEvent(id: "{key}") {{ name where comments {{ items {{ content eventId }} }} }} }}')["getEvent"]
    assert event == {
        "name": "Party",
        "where": "here",
        "comments": {"items": [{"content": "first", "eventId": key}, {"content": "second", "eventId": key}]},
    }

    assert ask(f'mutation {{ deleteEvent(id: "{key}") {{ id }} }}') == {"deleteEvent": {"id": key}}
    assert ask(f'{{ getEvent(id: "{key}") {{ name }} }}') == {"getEvent": None}


def test_request_prints_the_answer_and_who_gave_it(checkout: Checkout, token: str):
    answer = checkout.json("request", "--from", "Melbourne", LIST)

    assert answer["status"] == 200
    assert answer["answeredBy"] == "sydney"
    assert {"name": "Sydney"} in answer["body"]["data"]["listEvents"]["items"]


def test_the_token_is_in_secrets_manager_in_every_region_and_in_no_plain_place(checkout: Checkout, token: str):
    secret = checkout.json("status")["tokenSecret"]
    for region in ("eu-west-1", "ap-southeast-2"):
        value = checkout.aws("secretsmanager", region).get_secret_value(SecretId=secret["name"])
        assert value["SecretString"] == token

    plain = [checkout.done("status", "--json"), checkout.done("export")]
    for region in ("us-east-1", "eu-west-1", "ap-southeast-2"):
        functions = checkout.aws("lambda", region).list_functions()["Functions"]
        plain += [json.dumps(function, default=str) for function in functions]
    assert not [text for text in plain if token in text]


def test_a_request_from_a_city_without_an_edge_location_says_how_to_get_one(checkout: Checkout, token: str):
    result = checkout.run("request", "--from", "Lima", LIST)

    assert result.returncode == 1
    assert "no edge location in Lima" in result.stderr
    assert "antipodes up --city 'Lima'" in result.stderr


def test_an_unknown_city_is_named_with_the_near_ones(checkout: Checkout, token: str):
    result = checkout.run("request", "--from", "Lonndon", LIST)

    assert result.returncode == 2
    assert "no city 'Lonndon'" in result.stderr
    assert "London" in result.stderr
