"""Which behaviours carry the router: those that the rules about routing are for, and no others."""

from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UNKNOWN_STRING_VALUE

from policy.rules.shared.router import routed_behaviours
from policy.rules.shared.stack import Stack as RulesStack
from policy.rules.shared.verdict import Undecided
from tests.policy.edge.conftest import Judge
from tests.policy.edge.stacks import (
    CACHING_OPTIMIZED,
    Given,
    Ref,
    Shape,
    Stack,
    behaviour,
    compliant,
    distribution,
    function,
    latency,
    pages,
    script,
    shown,
)
from tests.policy.judge import policy_resources

EUROPE, AMERICA = "eu-west-1", "us-west-2"
ARN_ELSEWHERE = "arn:aws:lambda:us-east-1:111122223333:function:elsewhere:4"
EDGE = Ref("edge-function", "qualifiedArn")
SCRIPT = Ref("edge-function", "arn")

# The handler of "Reduce latency for end-users with multi-region APIs with CloudFront" in the AWS blog.
PUBLISHED = """
const dns = require('dns');
let bestOrigin; let expires = 0; let TTL = 1; let DNS_HOST = 'latency-routing.example.com';
function getBestRegion() {
  const now = Date.now();
  if (now < expires) return Promise.resolve(bestOrigin);
  return new Promise((resolve, reject) => {
    dns.resolveCname(DNS_HOST, (err, addr) => { bestOrigin = addr[0]; expires = now + TTL; resolve(bestOrigin); });
  });
}
let regions = [];
regions['ireland'] = { "Host": "ireland-appsync.example.com" };
exports.handler = async (event, context, callback) => {
  const request = event.Records[0].cf.request;
  let target_domain = regions[await getBestRegion()]["Host"];
  request.origin.custom.domainName = target_domain;
  request.headers["host"] = [{ key: "host", value: target_domain }];
  callback(null, request);
};
"""
IN_PYTHON = """
import dns.resolver
def handler(event, context):
    request = event["Records"][0]["cf"]["request"]
    key = str(dns.resolver.resolve("latency-routing.example.com", "CNAME")[0].target)
    request["origin"]["custom"]["domainName"] = HOSTS[key]
    return request
"""
WHOLE_ORIGIN = """
import { resolveCname } from 'node:dns/promises';
export const handler = async (event) => {
  const request = event.Records[0].cf.request;
  const [key] = await resolveCname('latency-routing.example.com');
  request.origin = { custom: { domainName: HOSTS[key], port: 443, protocol: 'https' } };
  return request;
};
"""
BY_COUNTRY = """
const HOSTS = { EU: 'a.execute-api.eu-west-1.amazonaws.com', US: 'b.execute-api.us-east-1.amazonaws.com' };
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  request.origin.custom.domainName = HOSTS[request.headers['cloudfront-viewer-country'][0].value] || HOSTS.US;
  return request;
};
"""
REWRITES = """
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  const domainName = request.headers.host[0].value;
  if (request.uri.endsWith('/')) request.uri += 'index.html';
  return request;
};
"""
ADDS_HEADERS = """
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  request.headers['x-forwarded-host'] = [{ value: request.headers.host[0].value }];
  request.origin.custom.customHeaders['x-secret'] = [{ key: 'x-secret', value: 'public' }];
  return request;
};
"""
TESTS_BUCKETS = """
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  const bucket = Math.random() < 0.5 ? 'a.s3.eu-west-1.amazonaws.com' : 'b.s3.eu-west-1.amazonaws.com';
  request.origin.s3.domainName = bucket;
  request.headers.host = [{ key: 'host', value: bucket }];
  return request;
};
"""
TESTS_HOSTS = """
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  if (Math.random() < 0.1) { request.origin.custom.domainName = 'canary.example.com'; }
  return request;
};
"""
FOR_TENANTS = """
import cf from 'cloudfront';
async function handler(event) {
  cf.updateRequestOrigin({ domainName: await cf.kvs().get(event.request.headers.host.value) });
  return event.request;
}
"""
BY_NAMES = """
const HOSTS = { EU: 'eu.api.example.com', US: 'us.api.example.com' };
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  request.origin.custom.domainName = HOSTS[request.headers['cloudfront-viewer-country'][0].value] || HOSTS.US;
  return request;
};
"""
MAKES_PAGES = """
const dns = require('dns');
exports.handler = async (event) => ({ status: '200', body: `<h1>${dns.getServers()[0]}</h1>` });
"""


def carriers(stack: Stack, shape: Shape = Shape.PREVIEW) -> list[str]:
    """The behaviours that carry the router, by distribution and place; `?` where that is undecided."""
    found = routed_behaviours(RulesStack(policy_resources(shown(stack, shape)), {}))
    return [
        f"{each.resource.name}: ?"
        if isinstance(each, Undecided)
        else f"{each.resource.name}: {each.of.props.place or 'the whole'}"
        for each in found
    ]


def with_default(edge_function: Given | None, default: dict[str, Any], *ordered: dict[str, Any]) -> Stack:
    """A stack with one function at the edge and nothing that tells of regions."""
    stack = {key: given for key, given in compliant().items() if not key.startswith(("router", "latency"))}
    if edge_function:
        stack["edge-function"] = edge_function
    stack["edge-distribution"] = distribution(default, *ordered)
    return stack


def asking_dns(stack: Stack) -> Stack:
    return {**stack, "ireland": latency("ireland", "eu-west-1"), "sydney": latency("sydney", "ap-southeast-2")}


DEFAULT = ["edge-distribution: defaultCacheBehavior"]


@pytest.mark.parametrize("files", [{"index_js": PUBLISHED}, {"index_py": IN_PYTHON}, {"index_mjs": WHOLE_ORIGIN}])
def test_code_that_asks_dns_and_sets_the_origin_routes(files: dict[str, str], shape: Shape) -> None:
    assert carriers(with_default(function(**files), behaviour(EDGE)), shape) == DEFAULT


def test_code_that_names_apis_in_several_regions_and_sets_the_origin_routes(shape: Shape) -> None:
    assert carriers(with_default(function(index_js=BY_COUNTRY), behaviour(EDGE)), shape) == DEFAULT


def test_code_that_names_the_stack_s_domains_in_several_regions_and_sets_the_origin_routes(shape: Shape) -> None:
    stack = with_default(function(index_js=BY_NAMES), behaviour(EDGE))
    assert carriers(stack, shape) == []

    stack["eu"] = Given("aws:apigateway/domainName:DomainName", {"domainName": "eu.api.example.com", "region": EUROPE})
    assert carriers(stack, shape) == []

    stack["us"] = Given("aws:apigateway/domainName:DomainName", {"domainName": "us.api.example.com", "region": AMERICA})
    assert carriers(stack, shape) == DEFAULT


def test_a_package_with_the_table_routes_whatever_else_is_shown_of_it(shape: Shape) -> None:
    assert carriers(with_default(function(routes_json='{"regions": {}}'), behaviour(EDGE)), shape) == DEFAULT


@pytest.mark.parametrize("call", ["updateRequestOrigin({domainName: h})", "selectRequestOriginById(id)"])
def test_a_cloudfront_function_that_goes_by_its_place_and_sets_the_origin_routes(call: str, shape: Shape) -> None:
    code = f"import cf from 'cloudfront'; function handler(event) {{ const p = cf.edgeLocation.region; cf.{call}; }}"

    assert carriers(with_default(script(code), behaviour(SCRIPT, "viewer-request")), shape) == DEFAULT


@pytest.mark.parametrize(
    "code", [REWRITES, ADDS_HEADERS, TESTS_HOSTS, MAKES_PAGES], ids=["rewrites", "headers", "tests", "pages"]
)
def test_what_does_not_send_requests_to_regions_is_no_router(code: str, judge: Judge, shape: Shape) -> None:
    cached = behaviour(EDGE, cachePolicyId=CACHING_OPTIMIZED, allowedMethods=["GET", "HEAD"])
    stack = with_default(function(index_js=code), cached)

    assert carriers(stack, shape) == []
    assert judge(stack, shape) == []


def in_two_regions(stack: Stack) -> Stack:
    """The stack with load balancers in two regions, and latency records that answer with their hosts."""
    hosts = {region: f"{name}.example.com" for name, region in (("blue", EUROPE), ("green", AMERICA))}
    for region, host in hosts.items():
        stack[f"{region}-balancer"] = Given("aws:lb/loadBalancer:LoadBalancer", {"region": region})
        stack[f"{region}-latency"] = latency(host, region)
    return stack


def test_a_choice_between_two_hosts_is_no_router_beside_apis_in_several_regions_either(
    judge: Judge, shape: Shape
) -> None:
    cached = behaviour(EDGE, cachePolicyId=CACHING_OPTIMIZED, allowedMethods=["GET", "HEAD"])
    stack = in_two_regions(with_default(function(index_js=TESTS_HOSTS), cached))

    assert carriers(stack, shape) == []
    assert judge(stack, shape) == []


def test_a_function_that_goes_by_the_tenant_is_no_router(judge: Judge, shape: Shape) -> None:
    cached = behaviour(SCRIPT, "viewer-request", cachePolicyId=CACHING_OPTIMIZED)
    stack = in_two_regions(with_default(script(FOR_TENANTS), cached))

    assert carriers(stack, shape) == []
    assert judge(stack, shape) == []


def test_a_behaviour_that_is_not_known_yet_is_doubted_only_where_there_may_be_a_router() -> None:
    stack = with_default(function(index_js=TESTS_HOSTS), behaviour(EDGE))
    stack["edge-distribution"].inputs["defaultCacheBehavior"] = UNKNOWN_OBJECT_VALUE
    assert carriers(stack) == []

    stack["edge-function"] = function(index_js=PUBLISHED)
    assert carriers(stack) == ["edge-distribution: ?"]


@pytest.mark.parametrize("code", [REWRITES, TESTS_BUCKETS, ADDS_HEADERS], ids=["rewrites", "buckets", "headers"])
def test_what_works_on_the_pages_of_a_bucket_is_no_router_beside_latency_records_either(
    code: str, judge: Judge, shape: Shape
) -> None:
    stack = asking_dns(with_default(function(index_js=code), pages(EDGE)))

    assert carriers(stack, shape) == []
    assert judge(stack, shape) == []


def test_code_in_files_on_the_pages_of_a_bucket_is_no_router(judge: Judge, shape: Shape) -> None:
    stack = asking_dns(with_default(function(), pages(EDGE)))

    assert carriers(stack, shape) == []
    assert judge(stack, shape) == []


def test_code_in_files_routes_where_latency_records_answer_with_keys(shape: Shape) -> None:
    stack = with_default(function(), behaviour(EDGE))

    assert carriers(stack, shape) == []
    assert carriers(asking_dns(stack), shape) == DEFAULT


@pytest.mark.parametrize("answer", ["ireland-api.example.com", Ref("certificate", "arn")], ids=["host", "unknown"])
def test_latency_records_of_hosts_are_for_viewers_and_need_no_router(answer: Any) -> None:
    stack = with_default(function(), behaviour(EDGE))
    stack["latency"] = latency(answer, "eu-west-1")

    assert carriers(stack) == []


def test_a_function_of_another_stack_routes_where_latency_records_answer_with_keys(shape: Shape) -> None:
    stack = with_default(None, behaviour(ARN_ELSEWHERE))

    assert carriers(stack, shape) == []
    assert carriers(asking_dns(stack), shape) == DEFAULT


def test_code_in_files_is_no_router_beside_one_that_is_known(shape: Shape) -> None:
    stack = asking_dns(with_default(function(index_js=PUBLISHED), behaviour(EDGE)))
    stack["rewriter"] = function()
    stack["rewriter"].made = {"arn": "arn:rewriter", "qualifiedArn": "arn:aws:lambda:us-east-1:1:function:rewriter:1"}
    stack["site"] = distribution(behaviour(Ref("rewriter", "qualifiedArn")))

    assert carriers(stack, shape) == DEFAULT


def test_code_that_is_not_known_yet_is_judged_by_what_there_is_to_route_to() -> None:
    edge_function = function()
    edge_function.inputs["code"] = UNKNOWN_STRING_VALUE
    stack = with_default(edge_function, behaviour(EDGE))
    assert carriers(stack) == []

    assert carriers(asking_dns(stack)) == DEFAULT
    stack["latency"] = latency("ireland-api.example.com", "eu-west-1")
    assert carriers(stack) == ["edge-distribution: ?"]


def test_code_that_is_not_known_yet_hides_no_router_beside_it(shape: Shape) -> None:
    edge_function = script("")
    edge_function.inputs["code"] = UNKNOWN_STRING_VALUE
    stack = compliant()
    stack["script"] = edge_function
    default = stack["edge-distribution"].inputs["defaultCacheBehavior"]
    default["functionAssociations"] = [{"eventType": "viewer-request", "functionArn": Ref("script", "arn")}]

    assert "edge-distribution: ?" not in carriers(stack, shape)


def test_a_router_on_an_ordered_behaviour_leaves_the_pages_alone(judge: Judge, shape: Shape) -> None:
    stack = with_default(
        function(index_js=PUBLISHED), pages(), behaviour(EDGE, pathPattern="/graphql"), pages(pathPattern="/docs/*")
    )

    assert carriers(stack, shape) == ["edge-distribution: orderedCacheBehaviors[0]"]
    assert judge(stack, shape) == []


def test_each_distribution_is_seen_by_itself(judge: Judge, shape: Shape) -> None:
    stack = with_default(function(index_js=PUBLISHED), behaviour(EDGE))
    stack["site"] = distribution(pages())
    stack["site"].inputs |= {"enabled": False, "webAclId": None, "aliases": ["www.example.com"]}
    stack["second"] = distribution(behaviour(EDGE))

    assert carriers(stack, shape) == [*DEFAULT, "second: defaultCacheBehavior"]
    assert judge(stack, shape) == []


def test_of_two_functions_on_a_behaviour_the_router_is_the_one_on_the_right_event(judge: Judge, shape: Shape) -> None:
    """A preview tells that both are on the behaviour, not which is on which event."""
    stack = with_default(function(index_js=PUBLISHED), behaviour(EDGE))
    stack["headers"] = function(index_js=ADDS_HEADERS)
    stack["headers"].made = {"arn": "arn:headers", "qualifiedArn": "arn:aws:lambda:us-east-1:1:function:headers:2"}
    stack["edge-distribution"].inputs["defaultCacheBehavior"]["lambdaFunctionAssociations"] = [
        {"eventType": "viewer-request", "lambdaArn": Ref("headers", "qualifiedArn"), "includeBody": True},
        {"eventType": "origin-request", "lambdaArn": EDGE},
    ]

    assert carriers(stack, shape) == DEFAULT
    assert judge(stack, shape) == []


def test_a_router_on_the_wrong_event_is_one_all_the_same(judge: Judge, shape: Shape) -> None:
    stack = with_default(function(index_js=PUBLISHED), behaviour(EDGE, "origin-response"))

    assert carriers(stack, shape) == DEFAULT
    assert [finding.policy for finding in judge(stack, shape)] == ["edge-function-event"]


def test_a_router_that_nothing_carries_is_missed_only_where_there_is_a_distribution(judge: Judge, shape: Shape) -> None:
    stack = with_default(function(index_js=PUBLISHED), pages())
    assert [finding.policy for finding in judge(stack, shape)] == ["edge-router-attached"]

    del stack["edge-distribution"]
    assert judge(stack, shape) == []


def test_code_that_asks_dns_on_the_pages_of_a_bucket_is_not_missed(judge: Judge, shape: Shape) -> None:
    stack = with_default(function(index_js=PUBLISHED), pages(EDGE))

    assert [finding.policy for finding in judge(stack, shape)] == []
