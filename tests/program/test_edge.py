"""What the program registers at the edge, for each way of routing."""

import json
from functools import cache
from typing import Any

import pulumi
import pytest

from geography import REGIONAL_EDGE_CACHES
from tests.program.recording import Deployment, config, deploy, is_secret
from tests.program.stacks import CREATES_ZONE, TWO, deployed, latency_records, of_region

VALUE = "da2-a-value-that-must-show-up-nowhere"
LAMBDA = {"eventType": "origin-request", "lambdaArn": "arn:aws:test:::edge-router-function:1", "includeBody": False}
PLACE = {"eventType": "viewer-request", "functionArn": "arn:aws:test:::edge-place-script"}
FUNCTION = {"eventType": "viewer-request", "functionArn": "arn:aws:test:::edge-function-script"}
SYDNEY_AT_HALF = {"region": "ap-southeast-2", "dial": 50}
MODES = {"region": {}, "location": {"routing": "location"}, "function": {"router": "function"}}


@cache
def at_edge(mode: str) -> Deployment:
    return deploy(config(TWO, **MODES[mode], **CREATES_ZONE))


def behaviour(deployment: Deployment) -> Any:
    return deployment.named("edge-distribution").inputs["defaultCacheBehavior"]


@pytest.mark.parametrize(
    ("mode", "lambdas", "functions"),
    [("region", [LAMBDA], []), ("location", [LAMBDA], [PLACE]), ("function", [], [FUNCTION])],
)
def test_the_distribution_runs_what_the_routing_needs_and_nothing_else(
    mode: str, lambdas: list[Any], functions: list[Any]
) -> None:
    deployment = at_edge(mode)

    assert behaviour(deployment)["lambdaFunctionAssociations"] == lambdas
    assert behaviour(deployment)["functionAssociations"] == functions
    assert len(deployment.of("aws:cloudfront/function:Function")) == len(functions)
    of_router = [each.name for each in deployment.resources if each.name.startswith("edge-router")]
    logs = [name for name in of_router if name.startswith("edge-router-log-")]
    assert len(logs) == len(REGIONAL_EDGE_CACHES) * len(lambdas)
    assert len(of_router) - len(logs) == 4 * len(lambdas)


@pytest.mark.parametrize(("mode", "name"), [("location", "edge-place"), ("function", "edge-function")])
def test_a_function_is_live_before_the_distribution_runs_it(mode: str, name: str) -> None:
    deployment = at_edge(mode)
    function = deployment.named(f"{name}-script").inputs

    assert (function["runtime"], function["publish"]) == ("cloudfront-js-2.0", True)
    assert f"{name}-script" in deployment.needs(deployment.named("edge-distribution"))


def test_no_two_ways_of_routing_share_a_function_that_would_change_before_the_distribution() -> None:
    names = [{each.name for each in at_edge(mode).of("aws:cloudfront/function:Function")} for mode in MODES]

    assert not set.intersection(*names)
    assert sum(map(len, names)) == len(set.union(*names))


def test_the_routers_function_reads_its_own_store() -> None:
    deployment = at_edge("function")
    (associated,) = deployment.named("edge-function-script").inputs["keyValueStoreAssociations"]
    keys = deployment.one("aws:cloudfront/keyvaluestoreKeysExclusive:KeyvaluestoreKeysExclusive").inputs

    assert associated == keys["keyValueStoreArn"] == "arn:aws:test:::edge-function-store"
    assert {"key": "LHR", "value": "ireland sydney"} in keys["resourceKeyValuePairs"]
    assert {"key": "ap-southeast-2", "value": "sydney ireland"} in keys["resourceKeyValuePairs"]
    assert keys["maxBatchSize"] == 50


def test_the_function_finds_a_region_near_only_when_all_of_it_the_edge_and_the_token_are_there() -> None:
    deployment = at_edge("function")
    needed = deployment.needs(deployment.named("edge-store-keys"))

    for key in TWO:
        own = {child.name for child in of_region(deployment, key) if child.custom}
        # Who is told of trouble takes no part in serving.
        assert {name for name in own if not name.startswith(f"{key}-alarms-")} <= needed
    assert {"edge-distribution", "edge-function-script", "token-secret", "token-version"} <= needed


@pytest.mark.parametrize("mode", ["location", "function"])
def test_a_removed_region_loses_its_token_only_when_the_edge_has_forgotten_it(mode: str) -> None:
    deployment = at_edge(mode)

    assert {"edge-distribution"} <= deployment.needs(deployment.named("token-secret"))
    assert set(latency_records(deployment)) == set(TWO)


@pytest.mark.parametrize(("sydney", "sticky"), [("ap-southeast-2", "cookie"), (SYDNEY_AT_HALF, "off")])
def test_where_viewers_go_to_regions_that_dns_did_not_name_dns_tells_whether_those_are_alive(
    sydney: Any, sticky: str
) -> None:
    deployment = deploy(config({**TWO, "sydney": sydney}, sticky=sticky, **CREATES_ZONE))
    failing_over = [each.inputs for each in deployment.below(deployment.one("antipodes:index:LivenessRecords").urn)]
    told = {(each["name"], each["failoverRoutingPolicies"][0]["type"]): each for each in failing_over}

    assert len(told) == len(failing_over) == 4
    for key in TWO:
        name = f"{key}.latency-routing.example.com"
        primary, secondary = told[name, "PRIMARY"], told[name, "SECONDARY"]
        assert (primary["records"], secondary["records"]) == ([key], ["unhealthy.invalid"])
        assert primary["healthCheckId"] == latency_records(deployment)[key].inputs["healthCheckId"]
        assert "healthCheckId" not in secondary
        assert {each["ttl"] for each in (primary, secondary)} == {latency_records(deployment)[key].inputs["ttl"]}


@pytest.mark.parametrize("options", [{}, {"router": "function", "sticky": "cookie"}])
def test_where_dns_names_every_viewers_region_or_is_not_asked_it_tells_of_no_others(options: dict[str, Any]) -> None:
    deployment = deploy(config(TWO, **options, **CREATES_ZONE))

    assert deployment.of("antipodes:index:LivenessRecords") == []


@pytest.mark.parametrize("mode", ["region", "location"])
def test_a_destroyed_stack_leaves_the_function_that_has_replicas_and_nothing_else(mode: str) -> None:
    deployment = at_edge(mode)
    function = deployment.named("edge-router-function").inputs

    assert [each.name for each in deployment.resources if each.inputs.get("skipDestroy")] == ["edge-router-function"]
    assert function["tags"] == {"antipodes:domain": deployment.outputs["domain"]}
    assert deployment.outputs["edgeRouter"]["function"] == "edge-router-function-0123456"


def test_a_router_without_lambda_leaves_nothing() -> None:
    deployment = at_edge("function")

    assert not any(each.inputs.get("skipDestroy") for each in deployment.resources)
    assert "edgeRouter" not in deployment.outputs


@pytest.mark.parametrize("mode", MODES)
def test_every_component_at_the_edge_registers_outputs(mode: str) -> None:
    deployment = at_edge(mode)
    components = {resource.urn for resource in deployment.resources if resource.is_component}

    assert all(deployment.component_outputs.get(urn) for urn in components)


def test_the_headers_of_regions_reach_the_router_as_secrets_and_show_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    headers = {"ireland": {"x-api-key": VALUE}, "sydney": {"x-api-key": f"{VALUE}-too" * 80}}
    deployment = deploy(config(TWO, originHeaders=json.dumps(headers), **CREATES_ZONE))
    (origin,) = deployment.named("edge-distribution").inputs["origins"]
    carried = origin.pop("customHeaders")
    seen = json.dumps([resource.inputs for resource in deployment.resources if resource.name != "edge-distribution"])

    assert [header["name"] for header in carried] == [f"x-antipodes-secret-{n}" for n in range(len(carried))]
    assert len(carried) > 1
    assert all(is_secret(header["value"]) for header in carried)
    parts = [header["value"]["value"] for header in carried]
    everything = json.dumps([seen, deployment.component_outputs, deployment.named("edge-distribution").inputs])
    assert not [text for text in (VALUE, *parts) if text in f"{everything}{warnings}"]
    assert [warning.partition(" is plain text in ")[0] for warning in warnings] == ["antipodes:originHeaders"]


def test_a_stack_without_headers_of_regions_adds_none() -> None:
    (origin,) = deployed().named("edge-distribution").inputs["origins"]

    assert origin["customHeaders"] == []


def test_the_same_config_gives_the_same_edge_again() -> None:
    for mode, more in MODES.items():
        again = deploy(config(dict(reversed(TWO.items())), home="ireland", **more, **CREATES_ZONE))

        for resource in at_edge(mode).resources:
            if resource.kind in ("aws:lambda/function:Function", "aws:cloudfront/function:Function"):
                assert again.named(resource.name).inputs == resource.inputs
