import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from sandbox.ports import LOOPBACK, Ports
from tests.sandbox.cloudfront.edge import HOST, REGIONS, Edge, edge, record
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

IN_IRELAND = '{"data":{"region":"eu-west-1"}}'
TO_IRELAND = (
    'request["headers"]["host"] = [{"key": "Host", "value": "ireland-appsync.example.test"}];'
    'request["origin"]["custom"]["domainName"] = "ireland-appsync.example.test";'
)


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


def test_each_city_is_served_by_the_region_that_route_53_names_for_it(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        for city, key in (("London", "ireland"), ("Melbourne", "sydney")):
            answer = await there.post(city, "{ region }")
            assert answer.text == json.dumps({"data": {"region": REGIONS[key]}}, separators=(",", ":"))
            assert answer.headers["X-Cache"] == "Miss from cloudfront"
            assert answer.headers["X-Sandbox-Origin"] == f"{key}-appsync.example.test"
            assert answer.headers["Via"].startswith("1.1 ")
            assert answer.headers["X-Amz-Cf-Pop"]
            assert len(answer.headers["X-Amz-Cf-Id"]) == 56
        assert (await there.post("London", "{ region }", {"Authorization": "wrong"})).status == 401

    runner.run(story())


async def subscriber(there: Edge, city: str, token: str) -> aiohttp.ClientWebSocketResponse:
    """A connection by way of the city's edge location, its header in the subprotocol as Amplify sends it."""
    header = json.dumps({"host": HOST, "Authorization": token}).encode()
    return await there.session.ws_connect(
        f"wss://{LOOPBACK}:{there.aws.ports.edges[city]}/graphql/realtime",
        headers={"Host": HOST},
        protocols=["graphql-ws", f"header-{base64.urlsafe_b64encode(header).decode().rstrip('=')}"],
        ssl=there.tls,
        server_hostname=HOST,
    )


def test_a_subscriber_is_at_the_region_that_route_53_names_for_its_city(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        async with await subscriber(there, "Melbourne", "right") as socket:
            assert socket.protocol == "graphql-ws"
            authorization = {"Authorization": "right", "host": HOST}
            payload = {
                "data": json.dumps({"query": "subscription { said { text } }"}),
                "extensions": {"authorization": authorization},
            }
            await socket.send_json({"type": "start", "id": "1", "payload": payload})
            while (await socket.receive_json(timeout=5))["type"] != "start_ack":
                pass
            for city in ("London", "Melbourne"):
                assert (await there.post(city, f'mutation {{ say(text: "from {city}") {{ text }} }}')).status == 200
            told = await socket.receive_json(timeout=5)
            assert told == {"id": "1", "type": "data", "payload": {"data": {"said": {"text": "from Melbourne"}}}}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await subscriber(there, "London", "wrong")
        assert refused.value.status == 401

    runner.run(story())


def test_the_origin_sees_the_viewers_headers_and_cloudfronts(runner: asyncio.Runner, there: Edge) -> None:
    async def header(name: str) -> Any:
        headers = {
            "X-Own": "1",
            "X-Forwarded-For": "203.0.113.9",
            "X-Forwarded-Proto": "http",
            "Accept-Encoding": "gzip",
        }
        return (await there.post("London", f'{{ header(name: "{name}") }}', headers)).data["header"]

    async def story() -> None:
        assert await header("x-own") == "1"
        assert await header("accept-encoding") == "gzip"
        assert await header("x-forwarded-for") == f"203.0.113.9, {LOOPBACK}"
        assert await header("x-forwarded-proto") is None
        assert await header("host") == "ireland-appsync.example.test"
        assert (await header("via")).endswith(".cloudfront.net (CloudFront)")
        assert len(await header("x-amz-cf-id")) == 56

    runner.run(story())


def test_the_origin_is_told_the_address_that_the_viewer_connected_from(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        async with there.viewed_from("127.9.8.7") as viewer:
            answer = await viewer.post("London", '{ header(name: "x-forwarded-for") }')
        assert answer.data["header"] == "127.9.8.7"

    runner.run(story())


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_goes_through_as_it_comes_in(chunked: bool, runner: asyncio.Runner, there: Edge) -> None:  # noqa: FBT001
    async def pieces(body: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    async def story() -> None:
        query = f'{{ region header(name: "transfer-encoding") }} # {"a" * 900_000}'
        body = json.dumps({"query": query}).encode()
        async with there.session.post(
            f"https://{LOOPBACK}:{there.aws.ports.edges['London']}/graphql",
            data=pieces(body) if chunked else body,
            headers={"Host": HOST, "Authorization": "right"},
            expect100=not chunked,
            ssl=there.tls,
            server_hostname=HOST,
        ) as answer:
            expected = {"region": "eu-west-1", "header": "chunked" if chunked else None}
            assert (await answer.json())["data"] == expected

    runner.run(story())


def test_a_request_for_a_whole_url_is_one_for_its_path(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        await there.run('return {"status": "200", "body": request["uri"] + " " + request["querystring"]}')
        reader, writer = await asyncio.open_connection(
            LOOPBACK, there.aws.ports.edges["London"], ssl=there.tls, server_hostname=HOST
        )
        writer.write(f"GET https://{HOST}/a/b?c=d HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()

        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.endswith(b"\r\n\r\n/a/b c=d")

    runner.run(story())


def test_methods_that_the_distribution_does_not_allow_are_refused(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        assert (await there.send("London", "GET", "/x")).status == 404, "AppSync's answer"
        head = await there.send("London", "HEAD", "/x")
        assert (head.status, head.text) == (404, "")

        def change(config: dict[str, Any]) -> None:
            config["DefaultCacheBehavior"]["AllowedMethods"].update(Quantity=2, Items=["GET", "HEAD"])

        await there.update(change)
        answer = await there.post("London", "{ region }")
        assert answer.status == 403
        assert "POST is none of GET, HEAD" in answer.text

    runner.run(story())


def test_settings_that_are_not_emulated_are_refused_by_name(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:

        def cache(config: dict[str, Any]) -> None:
            config["DefaultCacheBehavior"]["CachePolicyId"] = "658327ea-f89d-4fab-a63d-7e88639e58f6"

        await there.update(cache)
        answer = await there.post("London", "{ region }")
        assert answer.status == 501
        assert "the cache policy 658327ea-f89d-4fab-a63d-7e88639e58f6" in answer.text

    runner.run(story())


def test_without_an_origin_request_policy_the_viewers_token_does_not_get_through(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        await there.update(lambda config: config["DefaultCacheBehavior"].pop("OriginRequestPolicyId"))
        assert (await there.post("London", "{ region }")).status == 401

    runner.run(story())


def test_a_default_origin_that_does_not_resolve_fails_before_the_function_runs(
    runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        assert (await there.post("London", "{ region }")).text == IN_IRELAND
        origin = record("default-origin.example.test", "A", "192.0.2.1")
        await there.records(origin, action="DELETE")
        answer = await there.post("London", "{ region }")
        await there.records(origin)
        assert answer.status == 502
        assert "able to resolve the origin domain name" in answer.text

    runner.run(story())


def test_what_the_router_leaves_alone_goes_to_the_default_origin_where_nobody_answers(
    runner: asyncio.Runner, there: Edge
) -> None:
    def give_up_soon(config: dict[str, Any]) -> None:
        config["Origins"]["Items"][0]["ConnectionTimeout"] = 1

    async def story() -> None:
        await there.run("return request")
        await there.update(give_up_soon)
        answer = await there.post("London", "{ region }")
        assert answer.status == 504
        assert answer.headers["X-Cache"] == "Error from cloudfront"

    runner.run(story())


@pytest.mark.parametrize(
    ("code", "status", "cache", "text"),
    [
        ("raise ValueError('why')", 503, "LambdaExecutionError", "why"),
        ("return None", 502, "LambdaValidationError", "must return a request or a response"),
        ("request['headers'].pop('via'); return request", 502, "LambdaValidationError", "read-only header via"),
        ("return {'status': '204'}", 204, "LambdaGeneratedResponse", ""),
        (
            "return {'status': '503', 'headers': {'retry-after': [{'value': '5'}]}, 'body': 'later'}",
            503,
            "LambdaGeneratedResponse",
            "later",
        ),
        (
            TO_IRELAND.replace("ireland-appsync", "nowhere") + "return request",
            502,
            "Error",
            "nowhere.example.test does not resolve",
        ),
        (
            TO_IRELAND + "request['origin']['custom']['port'] = 8443; return request",
            502,
            "Error",
            "no listener on port 8443",
        ),
        (TO_IRELAND + "request['uri'] = '/nothing'; return request", 404, "Error", "/nothing"),
        (TO_IRELAND + "return request", 200, "Miss", IN_IRELAND),
    ],
)
def test_the_functions_answer_is_held_to_cloudfronts_rules(
    code: str, status: int, cache: str, text: str, runner: asyncio.Runner, there: Edge
) -> None:
    async def story() -> None:
        await there.run(code)
        answer = await there.post("London", "{ region }")
        assert answer.status == status, answer.text
        assert answer.headers["X-Cache"] == f"{cache} from cloudfront"
        assert text in answer.text

    runner.run(story())


def test_hosts_without_a_distribution_are_refused(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        with pytest.raises(aiohttp.ClientConnectorSSLError, match="UNRECOGNIZED_NAME"):
            await there.send("London", "GET", "/", name="other.example.test")
        assert (await there.send("London", "GET", "/", {"Host": "other.example.test"})).status == 403
        domain = await there.aws.call("cloudfront", "us-east-1", "get_distribution", Id=there.distribution)
        own = domain["Distribution"]["DomainName"]
        assert (await there.send("London", "GET", "/", {"Host": own}, name=own)).status == 404, "AppSync's answer"
        await there.update(lambda config: config.update(Enabled=False))
        assert (await there.send("London", "GET", "/")).status == 403

    runner.run(story())


def test_a_new_router_serves_the_next_request_and_none_fails_meanwhile(runner: asyncio.Runner, there: Edge) -> None:
    async def story() -> None:
        statuses = []
        stop = asyncio.Event()

        async def ask() -> None:
            while not stop.is_set():
                statuses.append((await there.post("Melbourne", "{ region }")).status)

        asking = [asyncio.ensure_future(ask()) for _ in range(3)]
        await asyncio.sleep(0.5)
        await there.run(TO_IRELAND + "return request")
        assert (await there.post("Melbourne", "{ region }")).text == IN_IRELAND
        stop.set()
        await asyncio.gather(*asking)
        assert len(statuses) > 5
        assert set(statuses) == {200}

    runner.run(story())
