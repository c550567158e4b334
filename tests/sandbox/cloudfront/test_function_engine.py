import logging
from typing import Any

import pytest

from sandbox.cloudfront.function_engine import FunctionExecutionError, Result, run

LONDON = {"name": "LHR", "serverIp": "198.18.3.1", "region": "eu-west-2"}
EVENT: dict[str, Any] = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "viewer": {"ip": "198.51.100.7"},
    "request": {
        "method": "GET",
        "uri": "/graphql",
        "querystring": {},
        "headers": {"host": {"value": "global-api.example.com"}},
        "cookies": {},
    },
}


def run_body(body: str, *, store: dict[str, str] | None = None, head: str = "import cf from 'cloudfront';") -> Result:
    return run(f"{head}\nasync function handler(event) {{ {body} }}", EVENT, edge_location=LONDON, store=store)


def header_set_by(expression: str, *, store: dict[str, str] | None = None) -> str:
    body = f"const found = {expression}; event.request.headers.found = {{value: String(found)}}; return event.request;"
    request = run_body(body, store=store).request
    assert request is not None
    return str(request["headers"]["found"]["value"])


def test_a_request_that_is_returned_goes_on_as_the_function_left_it():
    result = run_body("event.request.headers.seen = {value: event.viewer.ip}; return event.request;")

    assert result.request == {
        **EVENT["request"],
        "headers": {"host": {"value": "global-api.example.com"}, "seen": {"value": "198.51.100.7"}},
    }
    assert (result.response, result.origin) == (None, None)


def test_the_event_of_the_caller_is_not_touched():
    run_body("event.request.uri = '/other'; return event.request;")

    assert EVENT["request"]["uri"] == "/graphql"


def test_a_response_that_is_returned_is_the_viewer_s():
    result = run_body("cf.updateRequestOrigin({domainName: 'a.example.com'}); return {statusCode: 204};")

    assert result == Result(None, {"statusCode": 204}, None)


def test_a_handler_need_not_be_asynchronous():
    code = "function handler(event) { return event.request; }"

    assert run(code, EVENT, edge_location=LONDON).request == EVENT["request"]


@pytest.mark.parametrize("value", ["undefined", "null", "7", "'request'", "[]", "{}", "{headers: {}}"])
def test_what_is_neither_request_nor_response_is_refused(value: str):
    with pytest.raises(FunctionExecutionError, match="neither a request nor a response"):
        run_body(f"return {value};")


def test_an_error_of_the_function_is_told():
    with pytest.raises(FunctionExecutionError, match="TypeError: cannot read property 'b' of undefined"):
        run_body("return event.a.b;")


def test_code_that_does_not_parse_is_told():
    with pytest.raises(FunctionExecutionError, match="SyntaxError"):
        run_body("return (;")


def test_code_without_a_handler_is_told():
    with pytest.raises(FunctionExecutionError, match="handler is not defined"):
        run("const a = 1;", EVENT, edge_location=LONDON)


def test_nothing_is_kept_from_one_run_for_the_next():
    code = "let runs = 0; function handler(event) { runs += 1; return {statusCode: 200 + runs}; }"

    assert [run(code, EVENT, edge_location=LONDON).response for _ in range(2)] == [{"statusCode": 201}] * 2


def test_the_function_knows_its_edge_location():
    expression = "[cf.edgeLocation.name, cf.edgeLocation.serverIp, cf.edgeLocation.region]"

    assert header_set_by(expression) == "LHR,198.18.3.1,eu-west-2"


@pytest.mark.parametrize("quote", ["'", '"'])
def test_the_module_goes_by_the_name_that_the_code_gives_it(quote: str):
    head = f"import edge from {quote}cloudfront{quote}"

    assert run_body("return {statusCode: 200, body: edge.edgeLocation.name};", head=head).response == {
        "statusCode": 200,
        "body": "LHR",
    }


def test_the_origin_is_what_the_function_says_last():
    result = run_body(
        "cf.updateRequestOrigin({domainName: 'a.example.com'});"
        "cf.updateRequestOrigin({domainName: 'b.example.com', hostHeader: 'b.example.com'}); return event.request;"
    )

    assert result.origin == {"domainName": "b.example.com", "hostHeader": "b.example.com"}


def test_an_origin_that_cloudfront_would_not_take_is_refused():
    with pytest.raises(FunctionExecutionError, match=r"updateRequestOrigin: domainName cannot be '10\.0\.0\.1'"):
        run_body("cf.updateRequestOrigin({domainName: '10.0.0.1'}); return event.request;")


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("await cf.kvs().get('LHR')", "ireland sydney:40"),
        ("await cf.kvs().get('LHR', {format: 'string'})", "ireland sydney:40"),
        ("(await cf.kvs().get('json', {format: 'json'})).a", "1"),
        ("await cf.kvs().exists('LHR')", "true"),
        ("await cf.kvs().exists('CDG')", "false"),
    ],
)
def test_a_key_value_store_is_read(expression: str, found: str):
    assert header_set_by(expression, store={"LHR": "ireland sydney:40", "json": '{"a": 1}'}) == found


def test_several_reads_may_be_under_way_at_once():
    expression = "await Promise.all([cf.kvs().get('b'), cf.kvs().get('a')])"

    assert header_set_by(expression, store={"a": "1", "b": "2"}) == "2,1"


def test_a_key_that_the_store_lacks_is_an_error_to_the_function():
    with pytest.raises(FunctionExecutionError, match="CDG is not in the key value store"):
        run_body("await cf.kvs().get('CDG');", store={})

    assert header_set_by("await cf.kvs().get('CDG').catch(() => 'none')", store={}) == "none"


def test_a_function_without_a_store_cannot_ask_for_one():
    with pytest.raises(FunctionExecutionError, match="no key value store"):
        run_body("cf.kvs();")


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("cf.createRequestOriginGroup({})", "createRequestOriginGroup of the module cloudfront"),
        ("await cf.kvs().meta()", r"meta\(\) of a key value store"),
        ("await cf.kvs().get('a', {format: 'bytes'})", "the format bytes"),
        ("require('crypto')", "the module crypto"),
        ("Buffer.from('a')", "Buffer"),
        ("new TextEncoder()", "TextEncoder"),
        ("event.request.rawQueryString()", r"request.rawQueryString\(\)"),
    ],
)
def test_what_is_not_emulated_is_named(expression: str, named: str):
    with pytest.raises(FunctionExecutionError, match=f"The sandbox does not emulate {named}"):
        run_body(f"return {expression};", store={"a": "b"})


@pytest.mark.parametrize(
    "expression", ["eval('1')", "new Function('return 1')()", "(() => 1).constructor('return 1')()"]
)
def test_code_cannot_be_made_from_text(expression: str):
    with pytest.raises(FunctionExecutionError, match="Dynamic code evaluation"):
        run_body(f"return {expression};")


@pytest.mark.parametrize(
    "name", ["setTimeout", "fetch", "process", "performance", "queueMicrotask", "Map", "Proxy", "WeakRef", "BigInt"]
)
def test_what_cloudfront_lacks_is_not_there(name: str):
    with pytest.raises(FunctionExecutionError, match=f"{name} is not defined"):
        run_body(f"return {name};")


@pytest.mark.parametrize(
    "expression", ["[1].at(0)", "'a'.at(0)", "Object.fromEntries([])", "Array.from('a')", "[].flat()"]
)
def test_builtins_that_cloudfront_does_not_document_are_not_there(expression: str):
    with pytest.raises(FunctionExecutionError, match="not a function"):
        run_body(f"return {expression};")


def test_time_stands_still_during_a_run():
    moving = "(() => { const first = Date.now(); for (let i = 0; i < 1e5; i++); return Date.now() - first; })()"

    assert header_set_by(moving) == "0"
    assert header_set_by("new Date().getTime() === Date.now() && new Date() instanceof Date") == "true"
    assert header_set_by("new Date(0).toISOString() + Date.UTC(1970, 0)") == "1970-01-01T00:00:00.000Z0"


def test_code_may_have_10_kb():
    code = "function handler(event) { return event.request; }\n//"
    padded = code + "x" * (10 * 1024 - len(code))

    assert run(padded, EVENT, edge_location=LONDON).request
    with pytest.raises(FunctionExecutionError, match="10241 bytes; CloudFront takes at most 10240"):
        run(padded + "x", EVENT, edge_location=LONDON)


def test_a_function_that_takes_too_much_memory_is_ended():
    with pytest.raises(FunctionExecutionError, match="more memory"):
        run_body("const all = []; while (true) { all.push([all.length]); }")


@pytest.mark.parametrize(
    "body", ["while (true);", "while (true) { await null; }", "while (true) { await cf.kvs().get('a'); }"]
)
def test_a_function_that_does_not_end_is_ended(body: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sandbox.cloudfront.function_engine._SECONDS", 0.02)

    with pytest.raises(FunctionExecutionError, match="does not come to an end"):
        run_body(body, store={"a": "b"})


def test_a_promise_that_nothing_keeps_is_told():
    with pytest.raises(FunctionExecutionError, match="a promise that nothing will keep"):
        run_body("await new Promise(() => {});")


def test_what_the_function_logs_is_logged(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)

    run_body("console.log('one'); console.log({}); return event.request;")

    assert [record.getMessage() for record in caplog.records] == ["one\n[object Object]"]


def test_what_a_failing_function_logged_is_logged(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)

    with pytest.raises(FunctionExecutionError):
        run_body("console.log('x'.repeat(20000)); throw new Error('no');")

    assert len(caplog.records[0].getMessage()) == 10 * 1024
