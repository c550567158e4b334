import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.appsync import javascript
from sandbox.appsync.errors import FieldError
from sandbox.appsync.javascript import Run

RESPONSE = "export function response(ctx) { return ctx.result; }"
ECHO = "export function request(ctx) { return {payload: ctx.args.item}; }\n" + RESPONSE
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def started(code: str, added: list[tuple[str, Any]] | None = None, **arguments: Any) -> Run:
    """A run that adds its headers to `added`."""
    kept = [] if added is None else added
    info = {"fieldName": "publish", "parentTypeName": "Mutation"}
    context = {"arguments": arguments, "info": info, "stash": {}}
    return Run(code, context, lambda name, value: kept.append((name, value)))


def run(code: str, **arguments: Any) -> Any:
    """The value of code whose payload is its result, as without a data source."""
    one = started(code, **arguments)
    return one.response((one.request() or {}).get("payload"))


def refused(code: str) -> FieldError:
    with pytest.raises(FieldError) as raised:
        run(code)
    return raised.value


@given(JSON)
def test_the_payload_of_the_request_is_the_result_of_the_response(item: Any) -> None:
    assert run(ECHO, item=item) == item


def test_code_sees_the_context_and_may_be_written_in_any_form() -> None:
    code = """
    import { util as u } from '@aws-appsync/utils';
    const prefix = `on `;
    export const request = (ctx) => { ctx.stash.seen = ctx.info.fieldName; return {payload: ctx.arguments.item}; };
    export { response };
    const response = ({ stash, result, args }) => ({ ...result, by: prefix + stash.seen, same: args.item.id });
    """
    assert run(code, item={"id": "1"}) == {"id": "1", "by": "on publish", "same": "1"}
    assert run("export function request() {}\nexport function response() {}") is None


def test_nothing_is_left_of_one_call_for_the_next() -> None:
    code = "export function request(ctx) { ctx.stash.n = (ctx.stash.n ?? 0) + 1; return {payload: ctx.stash.n}; }\n"
    assert [run(code + RESPONSE) for _ in range(3)] == [1, 1, 1]


def test_code_may_refuse_in_its_own_words() -> None:
    code = "import { util } from '@aws-appsync/utils'\nexport function request() { %s }\n" + RESPONSE
    error = refused(code % "util.error('too late', 'Conflict', {a: 1}, [2])")
    assert (str(error), error.type, error.data, error.info) == ("too late", "Conflict", {"a": 1}, [2])
    error = refused(code % "util.unauthorized()")
    assert (str(error), error.type) == ("Not Authorized to access publish on type Mutation", "Unauthorized")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import { util } from '@aws-appsync/utils';\nexport function request() { util.autoId(); }\n", "util.autoId"),
        (
            "import { util } from '@aws-appsync/utils';\nexport function request() { util.http.copyHeaders({}); }\n",
            "util.http.copyHeaders",
        ),
        (
            "import { extensions } from '@aws-appsync/utils';\nexport function request() { extensions.evict(); }\n",
            "extensions.evict",
        ),
        ("import { runtime } from '@aws-appsync/utils';\nexport function request() {}\n", "runtime"),
        ("import * as ddb from '@aws-appsync/utils/dynamodb';\nexport function request() {}\n", "utils/dynamodb"),
    ],
)
def test_what_the_sandbox_lacks_of_the_utilities_is_refused_by_name(code: str, names: str) -> None:
    assert f"does not emulate {'the module @aws-appsync/' if '/' in names else ''}{names}" in str(
        refused(code + RESPONSE)
    )


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("export function request(", "SyntaxError"),
        ("export function request() { return {}; }", "response is not defined"),
        ("export function request(ctx) { return ctx.no.thing; }\n" + RESPONSE, "cannot read property 'thing'"),
        ("export function request() { for (;;) {} }\n" + RESPONSE, "interrupted"),
    ],
)
def test_code_that_fails_is_an_error_of_the_field(code: str, says: str) -> None:
    error = refused(code)
    assert error.type == "Code"
    assert says in str(error)


def test_code_sees_the_error_of_its_data_source_or_none() -> None:
    told = started(
        "export function request() {}\nexport function response({error, result}) { return [error, result]; }"
    )
    assert told.response({"a": 1}) == [None, {"a": 1}]
    assert told.response(None, FieldError("Lambda:Unhandled", "no")) == [
        {"message": "no", "type": "Lambda:Unhandled"},
        None,
    ]


HEADERS = """
import { util } from '@aws-appsync/utils';
export function request() { util.http.addResponseHeader('a', 'one'); }
export function response(ctx) {
  util.http.addResponseHeaders({a: 2, b: null});
  if (ctx.result === null) util.error('nothing');
}
"""


def test_each_handler_tells_the_response_headers_that_it_adds() -> None:
    added: list[tuple[str, Any]] = []
    one = started(HEADERS, added)
    one.request()
    assert added == [("a", "one")]
    one.response("something")
    assert added == [("a", "one"), ("a", 2), ("b", None)]


def test_headers_that_were_added_before_an_error_are_told() -> None:
    added: list[tuple[str, Any]] = []
    with pytest.raises(FieldError, match="nothing"):
        started(HEADERS, added).response(None)
    assert added == [("a", 2), ("b", None)]


EXTEND = """
import { extensions } from '@aws-appsync/utils';
export function request(ctx) { if (ctx.args.early) extensions.invalidateSubscriptions({}); }
export function response(ctx) { extensions.setSubscriptionInvalidationFilter(ctx.result); return 1; }
"""


def test_extensions_are_told_with_what_they_were_called_with() -> None:
    called: list[tuple[str, Any]] = []
    context: dict[str, Any] = {"arguments": {}, "info": {}, "stash": {}}
    one = Run(EXTEND, context, lambda _name, _value: None, lambda name, argument: called.append((name, argument)))
    one.request()
    assert one.response({"a": [1]}) == 1
    assert called == [("setSubscriptionInvalidationFilter", {"a": [1]})]


def test_extensions_are_for_response_handlers_and_for_fields_that_may_have_them() -> None:
    with pytest.raises(FieldError, match="invalidateSubscriptions is for the response handler of a mutation's"):
        started(EXTEND, early=True).request()
    with pytest.raises(FieldError, match="setSubscriptionInvalidationFilter is for the response handler of a subscr"):
        started(EXTEND).response({})


def test_code_is_read_once() -> None:
    javascript._compiled.cache_clear()
    for number in range(5):
        run(ECHO, item=json.dumps(number))
    assert javascript._compiled.cache_info().misses == 1
