import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cloudfront.distribution import Distribution, Forwarding, parse
from sandbox.cloudfront.event import event_headers, origin_form, origin_request, origin_request_event, plain_headers
from sandbox.cloudfront.rules import violations
from tests.sandbox.cloudfront.edge import config

VIA = "1.1 a.cloudfront.net (CloudFront)"
VIEWER = [
    ("Host", "global-api.example.test"),
    ("authorization", "token"),
    ("X-Twice", "1"),
    ("x-twice", "2"),
    ("Content-Type", "application/json"),
    ("Content-Length", "7"),
    ("Connection", "keep-alive"),
    ("X-Forwarded-Proto", "http"),
    ("X-Amz-Cf-Id", "forged"),
    ("X-Edge-Own", "1"),
]


def request(forwarding: Forwarding = "all viewer", target: str = "/graphql/?a=%20b&c", **more: Any) -> dict[str, Any]:
    distribution = dataclasses.replace(_distribution(), forwarding=forwarding)
    viewer = [*VIEWER, *more.pop("headers", [])]
    return origin_request(distribution, "POST", target, viewer, client_ip="203.0.113.9", via=VIA)


def _distribution() -> Distribution:
    return parse("E1", "d1.cloudfront.net", config("arn:c", "arn:aws:lambda:us-east-1:1:function:f:1", "r"))


def values(request: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [item["value"] for item in items] for name, items in request["headers"].items()}


def test_method_path_and_query_string_stay_as_the_viewer_sent_them() -> None:
    made = request()
    assert (made["method"], made["uri"], made["querystring"]) == ("POST", "/graphql/", "a=%20b&c")
    assert request(target="//a/../b%2Fc")["uri"] == "//a/../b%2Fc"


def test_all_viewer_headers_go_along_but_those_that_cloudfront_removes() -> None:
    assert values(request()) == {
        "host": ["global-api.example.test"],
        "authorization": ["token"],
        "x-twice": ["1", "2"],
        "content-type": ["application/json"],
        "content-length": ["7"],
        "via": [VIA],
        "x-forwarded-for": ["203.0.113.9"],
    }


def test_proxies_before_cloudfront_stay_on_record() -> None:
    headers = values(request(headers=[("Via", "1.1 proxy"), ("X-Forwarded-For", "198.51.100.7")]))
    assert headers["via"] == [f"1.1 proxy, {VIA}"]
    assert headers["x-forwarded-for"] == ["198.51.100.7, 203.0.113.9"]


def test_the_policy_decides_about_host_headers_and_query_string() -> None:
    made = request("all viewer except host")
    assert values(made)["host"] == ["default-origin.example.test"]
    assert values(made)["authorization"] == ["token"]
    made = request("none")
    assert values(made)["host"] == ["default-origin.example.test"]
    assert values(made)["user-agent"] == ["Amazon CloudFront"]
    assert "authorization" not in made["headers"]
    assert made["querystring"] == ""


def test_the_viewers_headers_give_way_to_the_origins_custom_headers() -> None:
    changed = config("arn:c", "arn:aws:lambda:us-east-1:1:function:f:1", "r")
    secret = {"HeaderName": "X-Twice", "HeaderValue": "ours"}
    changed["Origins"]["Items"][0]["CustomHeaders"] = {"Quantity": 1, "Items": [secret]}
    made = origin_request(
        parse("E1", "d1.cloudfront.net", changed), "POST", "/", VIEWER, client_ip="203.0.113.9", via=VIA
    )
    assert "x-twice" not in made["headers"]
    assert made["origin"]["custom"]["customHeaders"] == {"x-twice": [{"key": "X-Twice", "value": "ours"}]}
    assert violations(made, made) == []


def test_the_event_is_that_of_an_origin_request() -> None:
    made = request()
    [record] = origin_request_event(_distribution(), made, "id")["Records"]
    assert record["cf"]["config"] == {
        "distributionDomainName": "d1.cloudfront.net",
        "distributionId": "E1",
        "eventType": "origin-request",
        "requestId": "id",
    }
    assert record["cf"]["request"]["origin"]["custom"]["domainName"] == "default-origin.example.test"
    assert violations(record["cf"]["request"], made) == []


names = st.from_regex(r"[A-Za-z][A-Za-z-]{0,9}", fullmatch=True)


@given(st.lists(st.tuples(names, st.text())))
def test_headers_survive_the_event(headers: list[tuple[str, str]]) -> None:
    back = plain_headers(event_headers(headers))
    assert sorted(back) == sorted(headers)
    for name in {name.lower() for name, _ in headers}:
        of_name = [item for item in headers if item[0].lower() == name]
        assert [item for item in back if item[0].lower() == name] == of_name, "the order of equals is kept"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda c: c["DefaultCacheBehavior"].update(CachePolicyId="other"), "the cache policy other"),
        (lambda c: c["DefaultCacheBehavior"].pop("CachePolicyId"), "the cache policy in legacy settings"),
        (lambda c: c["DefaultCacheBehavior"].update(OriginRequestPolicyId="x"), "the origin request policy x"),
        (lambda c: _association(c).update(EventType="viewer-request"), "a Lambda@Edge function on viewer-request"),
        (lambda c: _association(c).update(IncludeBody=True), "the body in the Lambda@Edge event"),
        (
            lambda c: _association(c).update(LambdaFunctionARN="arn:aws:lambda:us-east-1:1:function:f:$LATEST"),
            (
                "the function arn:aws:lambda:us-east-1:1:function:f:$LATEST: Lambda@Edge runs published versions, "
                "no alias and no $LATEST"
            ),
        ),
        (
            lambda c: _association(c).update(LambdaFunctionARN="arn:aws:lambda:eu-west-1:1:function:f:1"),
            "the function arn:aws:lambda:eu-west-1:1:function:f:1: Lambda@Edge runs functions of us-east-1",
        ),
        (
            lambda c: c["DefaultCacheBehavior"].update(
                FunctionAssociations={"Items": [{"EventType": "viewer-response", "FunctionARN": "arn"}]}
            ),
            "a CloudFront function on viewer-response",
        ),
        (lambda c: c.update(WebACLId="arn:waf"), "a web ACL"),
        (lambda c: c.update(PriceClass="PriceClass_100"), "the price class PriceClass_100"),
        (lambda c: c.update(CacheBehaviors={"Quantity": 1}), "cache behaviors beside the default one"),
        (
            lambda c: c["ViewerCertificate"].update(MinimumProtocolVersion="TLSv1"),
            "the minimum protocol version TLSv1",
        ),
    ],
)
def test_every_setting_that_is_not_emulated_is_named(change: Any, named: str) -> None:
    changed = config("arn:c", "arn:aws:lambda:us-east-1:1:function:f:1", "r")
    assert parse("E1", "d1.cloudfront.net", changed).not_emulated == ()
    change(changed)
    assert parse("E1", "d1.cloudfront.net", changed).not_emulated == (named,)


def _association(config: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"][0]
    return item


def test_an_alias_with_a_wildcard_covers_one_label() -> None:
    distribution = dataclasses.replace(_distribution(), aliases=("*.example.test",))
    assert distribution.answers_to("global-api.example.test")
    assert distribution.answers_to("d1.cloudfront.net")
    assert not distribution.answers_to("example.test")
    assert not distribution.answers_to("a.b.example.test")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("https://global-api.example.test/graphql?a=b", "/graphql?a=b"),
        ("HTTP://user@host:443/a//b/https://c", "/a//b/https://c"),
        ("https://host", "/"),
        ("https://host?a=/b", "/?a=/b"),
        ("/https://host/a", "/https://host/a"),
        ("*", "*"),
        ("//host/a?b#c", "//host/a?b#c"),
    ],
)
def test_of_a_target_that_is_a_whole_url_the_path_and_query_string_count(target: str, path: str) -> None:
    assert origin_form(target) == path
