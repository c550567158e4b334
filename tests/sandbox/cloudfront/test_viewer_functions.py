"""CloudFront functions on viewer-request, deployed and asked through the edge locations."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.ports import LOOPBACK, Ports
from tests.edge.function_router import with_table
from tests.sandbox.cloudfront.edge import HOST, REGIONS, Edge, edge
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

PLACE = Path(__file__).parents[3] / "edge" / "place" / "place.js"
IN_IRELAND = '{"data":{"region":"eu-west-1"}}'
IN_SYDNEY = '{"data":{"region":"ap-southeast-2"}}'
ROUTER = """import cf from 'cloudfront';
async function handler(event) {
  const host = (await cf.kvs().get(cf.edgeLocation.name)) + '-appsync.example.test';
  cf.updateRequestOrigin({domainName: host, hostHeader: host});
  return event.request;
}"""


@pytest.fixture(scope="module")
def deployed(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    everything = edge(ports, tmp_path_factory.mktemp("edge"))
    yield runner.run(everything.__aenter__())
    runner.run(everything.__aexit__(None, None, None))


@pytest.fixture
def there(runner: asyncio.Runner, deployed: Edge) -> Iterator[Edge]:
    """The deployed edge; what a test changes of the distribution is undone after it."""
    before = runner.run(deployed.configuration())
    yield deployed
    runner.run(deployed.configure(before))


def body(code: str) -> str:
    """A function of this body, which has `request`."""
    return f"import cf from 'cloudfront'; function handler(event) {{ const request = event.request; {code} }}"


async def header(there: Edge, name: str, city: str = "London", **sent: str) -> Any:
    headers = {name.replace("_", "-"): value for name, value in sent.items()}
    answer = await there.post(city, f'{{ header(name: "{name}") }}', headers)
    assert answer.status == 200, answer.text
    return answer.data["header"]


def test_a_function_tells_the_origin_at_which_edge_location_the_viewer_entered(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        at = "[cf.edgeLocation.name, cf.edgeLocation.serverIp, cf.edgeLocation.region].join(' ')"
        await there.view(body(f"request.headers['x-place'] = {{value: {at}}}; return request;"))
        assert await header(there, "x-place", "London", x_place="forged") == "LHR 198.18.118.1 eu-west-2"
        assert await header(there, "x-place", "Melbourne") == "MEL 198.18.132.1 ap-southeast-2"

    runner.run(story())


def test_a_function_routes_by_its_store_and_the_next_request_follows_a_change_of_either(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        name = await there.view(ROUTER, {"LHR": "ireland", "MEL": "sydney"}, alone=True)
        answer = await there.post("London", "{ region }")
        assert (answer.status, answer.text) == (200, IN_IRELAND)
        assert answer.headers["X-Sandbox-Origin"] == "ireland-appsync.example.test"
        assert (await there.post("Melbourne", "{ region }")).text == IN_SYDNEY
        await there.put(name, {"LHR": "sydney"})
        assert (await there.post("London", "{ region }")).text == IN_SYDNEY
        await there.review(name, ROUTER.replace("cf.edgeLocation.name", "'no such place'"))
        assert (await there.post("London", "{ region }")).status == 503

    runner.run(story())


def test_the_router_by_place_learns_from_the_function_where_the_viewer_entered(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        await there.view(PLACE.read_text(encoding="utf-8"))
        await there.route(routing="location")
        forged = {"x_antipodes_edge_location": "MEL", "x_antipodes_edge_address": "198.18.132.1"}
        assert await header(there, "x-antipodes-route", "London", **forged) == "ireland; reason=location"
        assert await header(there, "x-antipodes-route", "Melbourne") == "sydney; reason=location"
        assert await header(there, "x-antipodes-edge-location", "Melbourne") is None

    runner.run(story())


def test_the_router_that_is_a_function_sends_requests_to_the_region_that_its_store_has_for_the_edge_location(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        hosts = {key: {"host": f"{key}-appsync.example.test"} for key in REGIONS}
        code = with_table({"regions": hosts, "diagnostics": True})
        await there.view(code, {"LHR": "ireland sydney", "ap-southeast-2": "sydney ireland"}, alone=True)
        assert await header(there, "x-antipodes-route", "London") == "ireland; reason=location"
        assert await header(there, "x-antipodes-route", "Melbourne") == "sydney; reason=nearest"
        seen = await there.send("London", "GET", "/.well-known/antipodes")
        assert seen.headers["X-Cache"] == "FunctionGeneratedResponse from cloudfront"
        assert json.loads(seen.text) == {
            "region": "ireland",
            "reason": "location",
            "age": None,
            "edgeRegion": "eu-west-2",
            "edgeLocation": "LHR",
        }

    runner.run(story())


async def origins(there: Edge) -> list[str]:
    """To which origin each of 60 viewers in London comes, each by a new connection."""
    found = []
    for number in range(2, 62):
        async with there.viewed_from(f"127.0.0.{number}") as viewer:
            found.append((await viewer.send("London", "GET", "/x")).headers["X-Sandbox-Origin"])
    return found


@pytest.mark.parametrize("router", ["lambda", "function"])
def test_a_dial_sends_its_part_of_the_viewers_on_and_each_always_to_the_same_region(
    router: str, runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        if router == "lambda":
            await there.route(regions=REGIONS | {"ireland": {"region": "eu-west-1", "dial": 50}})
        else:
            hosts = {key: {"host": f"{key}-appsync.example.test"} for key in REGIONS}
            await there.view(with_table({"regions": hosts}), {"LHR": "ireland:50 sydney"}, alone=True)
        first = await origins(there)
        assert 20 < first.count("ireland-appsync.example.test") < 40
        assert set(first) == {f"{key}-appsync.example.test" for key in REGIONS}
        assert await origins(there) == first

    runner.run(story())


def test_a_subscriber_comes_to_the_region_that_a_function_chose(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        await there.view(ROUTER, {"LHR": "sydney", "MEL": "sydney"}, alone=True)
        authorization = {"host": HOST, "Authorization": "right"}
        token = base64.urlsafe_b64encode(json.dumps(authorization).encode()).decode().rstrip("=")
        async with there.session.ws_connect(
            f"wss://{LOOPBACK}:{there.aws.ports.edges['London']}/graphql/realtime",
            headers={"Host": HOST},
            protocols=["graphql-ws", f"header-{token}"],
            ssl=there.tls,
            server_hostname=HOST,
        ) as socket:
            subscription = json.dumps({"query": "subscription { said { region } }"})
            payload = {"data": subscription, "extensions": {"authorization": authorization}}
            await socket.send_json({"type": "start", "id": "1", "payload": payload})
            while (await socket.receive_json(timeout=5))["type"] != "start_ack":
                pass
            await there.post("Melbourne", 'mutation { say(text: "here") { region } }')
            told = await socket.receive_json(timeout=5)
            assert told["payload"]["data"] == {"said": {"region": "ap-southeast-2"}}

    runner.run(story())


def test_a_function_on_origin_request_runs_after_it_and_sees_what_it_changed(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        host = "sydney-appsync.example.test"
        await there.view(
            body(
                f"cf.updateRequestOrigin({{domainName: '{host}', customHeaders: {{'x-secret': '1'}}}});"
                "request.headers['x-own'] = {value: 'set'}; return request;"
            )
        )
        await there.run(
            "custom = request['origin']['custom']\n"
            "    request['headers']['x-seen'] = [{'key': 'X-Seen', 'value': ' '.join(["
            "custom['domainName'], custom['customHeaders']['x-secret'][0]['value'],"
            "request['headers']['x-own'][0]['value'], request['headers']['host'][0]['value']])}]\n"
            "    return request"
        )
        assert await header(there, "x-seen") == f"{host} 1 set {host}"

    runner.run(story())


@pytest.mark.parametrize(
    ("code", "status", "cache", "text"),
    [
        ("throw new Error('why')", 503, "FunctionExecutionError", "why"),
        ("return null", 503, "FunctionExecutionError", ""),
        ("request.method = 'GET'; return request", 502, "FunctionValidationError", "method is"),
        ("delete request.headers.host; return request", 502, "FunctionValidationError", "read-only header host"),
        ("request.headers['x-cache'] = {value: '1'}; return request", 502, "FunctionValidationError", "x-cache"),
        (
            "cf.updateRequestOrigin({customHeaders: {authorization: 'x'}}); return request",
            502,
            "FunctionValidationError",
            "customHeaders of the origin has authorization",
        ),
        (
            "cf.updateRequestOrigin({domainName: 'nowhere.example.test'}); return request",
            502,
            "Error",
            "nowhere.example.test does not resolve",
        ),
        (
            "cf.updateRequestOrigin({sni: 'x.example.test'}); return request",
            501,
            "Error",
            "the server name x.example.test",
        ),
        (
            "return {statusCode: 403, headers: {'retry-after': {value: '5'}}, cookies: {a: {value: 'b'}}, body: 'no'}",
            403,
            "FunctionGeneratedResponse",
            "no",
        ),
        ("return {statusCode: 99}", 502, "FunctionValidationError", "statusCode is 99"),
        ("return request", 200, "Miss", IN_IRELAND),
    ],
)
def test_the_functions_answer_is_held_to_cloudfronts_rules(
    code: str, status: int, cache: str, text: str, runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        await there.view(body(code))
        answer = await there.post("London", "{ region }")
        assert (answer.status, answer.headers["X-Cache"]) == (status, f"{cache} from cloudfront"), answer.text
        assert text in answer.text
        if cache == "FunctionGeneratedResponse":
            assert (answer.headers["Retry-After"], answer.headers["Set-Cookie"]) == ("5", "a=b")

    runner.run(story())


def test_a_custom_header_of_the_origin_goes_before_the_viewers_with_and_without_a_function(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        secret = {"HeaderName": "X-Secret", "HeaderValue": "ours"}
        host = "ireland-appsync.example.test"

        def change(config: dict[str, Any]) -> None:
            config["Origins"]["Items"][0]["CustomHeaders"] = {"Quantity": 1, "Items": [secret]}

        await there.update(change)
        await there.run(
            f"request['headers']['host'] = [{{'key': 'Host', 'value': '{host}'}}]\n"
            f"    request['origin']['custom']['domainName'] = '{host}'\n    return request"
        )
        assert await header(there, "x-secret", x_secret="forged") == "ours"
        await there.view(body(f"cf.updateRequestOrigin({{domainName: '{host}'}}); return request;"), alone=True)
        assert await header(there, "x-secret", x_secret="forged") == "ours"
        await there.view(
            body(f"cf.updateRequestOrigin({{domainName: '{host}', customHeaders: {{}}}}); return request;"), alone=True
        )
        assert await header(there, "x-secret") is None

    runner.run(story())
