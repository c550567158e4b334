"""What the program registers so that Route 53 leaves a region that fails, or that an operator has drained."""

import json
from typing import Any

import pytest

from tests.program.recording import Deployment, config, deploy
from tests.program.stacks import CREATES_ZONE, STACKS, TWO, deployed, latency_records, of_region

CHECK = "aws:route53/healthCheck:HealthCheck"
SOME = ("1 region", "2 regions", "3 regions")  # a switch has two holders at most


def children(deployment: Deployment, key: str) -> dict[str, Any]:
    """The inputs of the checks that the region's combined check is made of, by their names."""
    combined = deployment.named(f"{key}-checks-combined").inputs
    checks = {f"{each.name}-id": each for each in deployment.of(CHECK)}
    assert combined["childHealthThreshold"] == len(combined["childHealthchecks"])
    return {checks[id_].name: checks[id_].inputs for id_ in combined["childHealthchecks"]}


def host(deployment: Deployment, key: str) -> str:
    return str(deployment.outputs["health"][key]).removeprefix("https://").removesuffix("/")


@pytest.mark.parametrize("stack", SOME)
def test_each_latency_record_goes_by_its_own_regions_checks(stack: str) -> None:
    deployment = deployed(stack)

    for key, record in latency_records(deployment).items():
        assert record.inputs["healthCheckId"] == f"{key}-checks-combined-id"
        asked = children(deployment, key)[f"{key}-checks-endpoint"]
        assert (asked["type"], asked["fqdn"], asked["resourcePath"]) == ("HTTPS", host(deployment, key), "/")


@pytest.mark.parametrize("stack", SOME)
def test_a_regions_drain_switch_is_read_in_other_regions_and_only_a_yes_tells_against_it(stack: str) -> None:
    deployment = deployed(stack)
    hosts = {host(deployment, key): key for key in STACKS[stack]}

    for key in STACKS[stack]:
        switches = [each for name, each in children(deployment, key).items() if "-drain-" in name]
        assert len({each["fqdn"] for each in switches}) == len(switches) == min(2, len(STACKS[stack]) - 1)
        for each in switches:
            assert hosts[each["fqdn"]] != key
            assert each["resourcePath"] == f"/drain/{key}"
            assert each["invertHealthcheck"] is True
            assert (each["requestInterval"], each["failureThreshold"]) == (10, 1)


def test_a_region_goes_by_its_own_alarms_and_by_none_while_nobody_asks_it() -> None:
    deployment = deployed()
    for key, region in TWO.items():
        heeded = {name: each for name, each in children(deployment, key).items() if "-alarm-" in name}

        assert set(heeded) == {f"{key}-checks-alarm-errors", f"{key}-checks-alarm-latency"}
        for name, each in heeded.items():
            assert each["type"] == "CLOUDWATCH_METRIC"
            assert each["cloudwatchAlarmName"] == f"example.com-{key}-{name.rpartition('-')[2]}"
            assert each["cloudwatchAlarmRegion"] == region
            assert each["insufficientDataHealthStatus"] == "Healthy"
            # Route 53 learns of another metric or threshold only when the check is written again.
            alarm = deployment.named(f"{key}-alarms-{name.rpartition('-')[2]}").inputs
            decides = json.loads(each["triggers"]["settings"])
            assert (decides["dimensions"], decides["threshold"]) == (alarm["dimensions"], alarm["threshold"])


def test_the_endpoint_itself_is_not_inverted() -> None:
    assert "invertHealthcheck" not in deployed().named("ireland-checks-endpoint").inputs


@pytest.mark.parametrize(("mode", "threshold", "ttl"), [("default", 3, 60), ("fast", 2, 15)])
def test_the_checks_and_the_records_keep_the_budget_that_the_stack_tells(mode: str, threshold: int, ttl: int) -> None:
    deployment = deploy(config(TWO, failover=mode, **CREATES_ZONE))
    told = deployment.outputs["failover"]

    for key, record in latency_records(deployment).items():
        asked = deployment.named(f"{key}-checks-endpoint").inputs
        assert (asked["requestInterval"], asked["failureThreshold"]) == (10, threshold)
        assert record.inputs["ttl"] == ttl
    assert (told["mode"], told["interval"], told["threshold"], told["ttl"]) == (mode, 10, threshold, ttl)


def test_a_drained_and_a_dialled_region_keep_their_checks_and_their_health() -> None:
    regions = {
        "ireland": "eu-west-1",
        "sydney": {"region": "ap-southeast-2", "drained": True},
        "tokyo": {"region": "ap-northeast-1", "dial": 0},
    }
    deployment = deploy(config(regions, **CREATES_ZONE))

    assert set(deployment.outputs["healthChecks"]) == set(deployment.outputs["health"]) == set(regions)
    assert set(deployment.outputs["healthChecks"]["ireland"]["drain"]) == {"sydney", "tokyo"}


def test_where_nobody_asks_dns_each_region_still_tells_its_health_and_nobody_checks_it() -> None:
    deployment = deploy(config(TWO, router="function", **CREATES_ZONE))

    assert deployment.of(CHECK) == []
    assert set(deployment.outputs["health"]) == set(TWO)
    assert not {"healthChecks", "failover"} & set(deployment.outputs)
    assert all("healthCheckId" not in record.inputs for record in latency_records(deployment).values())


def test_a_region_that_leaves_takes_its_checks_along_and_is_asked_of_no_other() -> None:
    three, two = deployed("3 regions"), deployed("2 regions")
    gone = {each.name for each in three.of(CHECK)} - {each.name for each in two.of(CHECK)}

    assert all("virginia" in name for name in gone)
    assert "virginia" not in json.dumps([each.inputs for each in two.of(CHECK)])


@pytest.mark.parametrize("data", ["replicated", "regional"])
def test_a_regions_health_function_knows_its_tables_and_may_do_no_more_than_it_does(data: str) -> None:
    deployment = deployed(data=data)
    variables = deployment.named("sydney-health-probe-function").inputs["environment"]["variables"]
    statements = json.loads(deployment.named("sydney-health-probe-policy").inputs["policy"])["Statement"]
    table = "arn:aws:dynamodb:ap-southeast-2:123456789012:table/example.com"
    allowed = [
        (statement["Action"], statement["Resource"], statement.get("Condition"))
        for statement in statements
        if statement["Action"][0].startswith("dynamodb:")
    ]

    def keys(*patterns: str) -> Any:
        return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [*patterns]}}

    assert json.loads(variables.pop("TABLES")) == {
        "example.com.events": {"id": "S"},
        "example.com.comments": {"eventId": "S", "commentId": "S"},
    }
    assert variables == {
        "REGION_KEY": "sydney",
        "DOMAIN": "example.com",
        "VERSION": deployment.outputs["version"],
        "GRAPHQL_URL": "https://sydney-api.appsync-api.ap-southeast-2.amazonaws.com/graphql",
        "TOKEN_SECRET": "antipodes/example.com/token",
        "CANARY_TABLE": "example.com.antipodes-canary",
        "FAN_OUT": "sydney-fan-out-publish-function-0123456",
    }
    assert allowed == [
        (["dynamodb:GetItem", "dynamodb:PutItem"], [f"{table}.antipodes-canary"], keys("health/sydney")),
        (["dynamodb:GetItem"], [f"{table}.antipodes-canary"], keys("drain/*")),
        (["dynamodb:GetItem"], [f"{table}.events", f"{table}.comments"], None),
    ]
    others = [statement["Action"] for statement in statements if not statement["Action"][0].startswith("dynamodb:")]
    assert others == [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        ["secretsmanager:GetSecretValue"],
        ["cloudwatch:GetMetricData"],
    ]


def test_anybody_may_ask_a_regions_health_and_by_its_url_alone() -> None:
    deployment = deployed()
    made = {each.name.removeprefix("ireland-health-"): each.inputs for each in of_region(deployment, "ireland")}
    permissions = [made["url-permission"], made["function-permission"]]

    assert made["url"]["authorizationType"] == "NONE"
    assert {each["function"] for each in permissions} == {"ireland-health-probe-function-0123456"}
    assert [(each["action"], each.get("functionUrlAuthType")) for each in permissions] == [
        ("lambda:InvokeFunctionUrl", "NONE"),
        ("lambda:InvokeFunction", None),
    ]
    assert permissions[1]["invokedViaFunctionUrl"] is True


def test_one_version_is_told_of_all_regions_and_follows_from_the_code_alone() -> None:
    versions = {deployed(stack).outputs["version"] for stack in SOME}

    assert len(versions) == 1
