"""The whole program, as it registers: one list of expectations for any number of regions."""

import json
import re
import secrets
import shutil
from collections import Counter
from pathlib import Path

import pulumi
import pytest

from components import packages
from tests.program.recording import ROOT, TOKEN, ZONE, Deployment, config, deploy, is_secret
from tests.program.stacks import CREATES_ZONE, STACKS, TWO, WITHOUT_REGION, deployed, latency_records, of_region


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# Regional data is the same in every region, so that two of them say all.
each_kind = pytest.mark.parametrize(
    ("stack", "data"), [*((stack, "replicated") for stack in STACKS), ("2 regions", "regional")]
)


@each_kind
def test_no_two_resources_have_one_urn(stack: str, data: str) -> None:
    urns = Counter(resource.urn for resource in deployed(stack, data).resources)

    assert [urn for urn, count in urns.items() if count > 1] == []


@each_kind
def test_every_child_of_a_region_is_in_that_region(stack: str, data: str) -> None:
    for key, region in STACKS[stack].items():
        found = {
            child.name: child.inputs.get("region")
            for child in of_region(deployed(stack, data), key)
            if child.custom and not child.kind.startswith(WITHOUT_REGION)
        }
        assert len(found) > 10
        assert set(found.values()) == {region}, found


@each_kind
def test_everything_else_that_takes_a_region_is_at_the_tables_home_or_where_what_is_global_lives(
    stack: str, data: str
) -> None:
    deployment = deployed(stack, data)
    regional = {child.urn for key in STACKS[stack] for child in of_region(deployment, key)}
    others = [
        resource
        for resource in deployment.resources
        if resource.custom and resource.urn not in regional and not resource.kind.startswith(WITHOUT_REGION)
    ]

    home = next(iter(STACKS[stack].values()))
    for resource in others:
        is_table = resource.kind == "aws:dynamodb/table:Table"
        if not resource.name.startswith("edge-router-log-"):  # one for each regional edge cache
            assert resource.inputs.get("region") == (home if is_table else "us-east-1"), resource.name


@each_kind
def test_every_resource_has_its_component_for_a_parent_and_is_named_after_it(stack: str, data: str) -> None:
    deployment = deployed(stack, data)
    components = {resource.urn: resource for resource in deployment.resources if resource.is_component}
    top = [resource for resource in deployment.resources if resource.parent not in components]

    assert {resource.kind.rpartition(":")[2] for resource in top} == {
        "ApiToken",
        "Dashboards",
        "EventBus",
        "FanOut",
        "GlobalEdge",
        "HealthChecks",
        "GlobalTable" if data == "replicated" else "RegionalTable",
        "HostedZone",
        "Notifications",
        "RegionAlarms",
        "RegionalApi",
        "RegionalHealth",
        "WildcardCertificate",
    }
    for resource in deployment.resources:
        parent = components.get(resource.parent)
        if parent and resource.kind != "antipodes:index:LatencyRouting":
            assert resource.name.startswith(f"{parent.name}-")


@each_kind
def test_every_region_has_the_same_resources(stack: str, data: str) -> None:
    shapes = {
        tuple(sorted((child.kind, child.name.removeprefix(key)) for child in of_region(deployed(stack, data), key)))
        for key in STACKS[stack]
    }

    assert len(shapes) == 1


def test_there_is_one_distribution_one_certificate_and_one_secret(stack: str) -> None:
    deployment = deployed(stack)

    assert deployment.one("aws:cloudfront/distribution:Distribution")
    assert deployment.one("aws:acm/certificate:Certificate")
    assert deployment.one("aws:secretsmanager/secret:Secret")


@each_kind
def test_every_component_registers_outputs(stack: str, data: str) -> None:
    deployment = deployed(stack, data)
    components = {resource.urn for resource in deployment.resources if resource.is_component}

    assert components <= set(deployment.component_outputs)
    assert all(deployment.component_outputs[urn] for urn in components)


def test_a_latency_record_answers_with_the_key_of_its_region(stack: str) -> None:
    records = latency_records(deployed(stack))

    assert set(records) == set(STACKS[stack])
    for key, record in records.items():
        assert record.inputs["name"] == "latency-routing.example.com"
        assert record.inputs["type"] == "CNAME"
        assert record.inputs["records"] == [key]
        assert record.inputs["ttl"] <= 60
        assert record.inputs["latencyRoutingPolicies"] == [{"region": STACKS[stack][key]}]


@each_kind
def test_a_region_gets_requests_only_when_all_of_it_the_edge_and_the_token_are_there(stack: str, data: str) -> None:
    deployment = deployed(stack, data)
    for key, record in latency_records(deployment).items():
        needed = deployment.needs(record)

        own = {child.name for child in of_region(deployment, key) if child.custom}
        # Who is told of trouble takes no part in serving.
        assert {name for name in own if not name.startswith(f"{key}-alarms-")} <= needed
        assert {"edge-distribution", "token-secret", "token-version"} <= needed


def test_a_drained_region_has_all_but_a_latency_record() -> None:
    drained = {**TWO, "sydney": {"region": "ap-southeast-2", "drained": True}}
    deployment = deploy(config(drained, **CREATES_ZONE))
    less = {resource.urn for resource in deployed().resources} - {resource.urn for resource in deployment.resources}

    assert set(latency_records(deployment)) == {"ireland"}
    assert {urn.rpartition("::")[2] for urn in less} == {"latency-sydney"}


def test_a_region_waits_for_no_other_region_but_for_where_its_drain_switch_lies() -> None:
    deployment = deployed("5 regions")
    by_urn = {each.urn: each for each in deployment.resources}
    for key, record in latency_records(deployment).items():
        others = {child.name for other in STACKS["5 regions"] if other != key for child in of_region(deployment, other)}
        ahead = [by_urn[urn] for urn in record.dependencies if not by_urn[urn].name.startswith(f"{key}-checks-")]

        assert not others & {each.name for each in ahead}
        assert not others & set().union(*map(deployment.needs, [*ahead, *of_region(deployment, key)]))


def test_the_secrets_copies_change_only_after_the_distribution() -> None:
    deployment = deployed()

    assert "edge-distribution" in deployment.needs(deployment.named("token-secret"))


def test_neither_the_distribution_nor_a_region_waits_for_the_secret() -> None:
    deployment = deployed()
    resources = [deployment.named("edge-distribution"), *of_region(deployment, "ireland")]

    assert not {"token-secret", "token-version"} & set().union(*map(deployment.needs, resources))


def test_the_secret_has_a_copy_in_every_region_but_its_own() -> None:
    secret = deployed("3 regions").named("token-secret").inputs

    assert secret["replicas"] == [{"region": "eu-west-1"}, {"region": "ap-southeast-2"}]
    assert secret["region"] == "us-east-1"


def test_the_token_is_nowhere_but_in_secret_values() -> None:
    deployment = deployed()
    version = deployment.named("token-version")
    elsewhere = [resource.inputs for resource in deployment.resources if resource is not version]

    assert is_secret(version.inputs["secretString"])
    assert TOKEN not in json.dumps(elsewhere)
    assert is_secret(deployment.outputs["token"])
    plain = [
        value for outputs in deployment.component_outputs.values() for value in outputs.values() if not is_secret(value)
    ]
    assert TOKEN not in json.dumps(plain)


TOLD = {
    "url": "https://global-api.example.com/graphql",
    "domain": "example.com",
    "regions": TWO,
    "hosts": {"ireland": "ireland-appsync.example.com", "sydney": "sydney-appsync.example.com"},
    "drained": [],
    "dials": {},
    "router": "lambda",
    "routing": "region",
    "failover": {"mode": "default", "interval": 10, "threshold": 3, "ttl": 60, "seconds": 100},
    "latencyRecord": "latency-routing.example.com",
    "canaryTable": "example.com.antipodes-canary",
    "zoneId": "Z-CREATED",
    "health": {
        "ireland": "https://ireland-health-url.lambda-url.eu-west-1.on.aws/",
        "sydney": "https://sydney-health-url.lambda-url.ap-southeast-2.on.aws/",
    },
    "healthChecks": {
        key: {
            "combined": f"{key}-checks-combined-id",
            "endpoint": f"{key}-checks-endpoint-id",
            "drain": {holder: f"{key}-checks-drain-{holder}-id"},
            "alarms": {kind: f"{key}-checks-alarm-{kind}-id" for kind in ("errors", "latency")},
        }
        for key, holder in (("ireland", "sydney"), ("sydney", "ireland"))
    },
    "alarms": {
        key: {
            kind: f"example.com-{key}-{kind}"
            for kind in (
                "errors",
                "latency",
                "canary",
                "error-rate",
                "authorizer",
                "throttles",
                "iterator-age",
                "replication",
                "unhealthy",
            )
        }
        for key in TWO
    },
    "topics": {key: f"arn:aws:test:::{key}-notifications-topic" for key in TWO},
    "dashboards": {**{key: f"example-com-{key}" for key in TWO}, "overview": "example-com"},
    "apis": {
        key: {"id": f"{key}-api-id", "url": f"https://{key}-api.appsync-api.{region}.amazonaws.com/graphql"}
        for key, region in TWO.items()
    },
    "functions": {
        key: {
            "authorizer": f"{key}-authorizer-function-0123456",
            "resolvers": f"{key}-resolvers-function-0123456",
            "health": f"{key}-health-probe-function-0123456",
        }
        for key in TWO
    },
    "distributionId": "edge-distribution-id",
    "edgeRouter": {"function": "edge-router-function-0123456", "version": "arn:aws:test:::edge-router-function:1"},
    "tokenSecret": {"name": "antipodes/example.com/token", "region": "us-east-1"},
    "tables": {"events": "example.com.events", "comments": "example.com.comments"},
    "subscribers": {
        "mutation": "antipodesMoveSubscribers",
        "subscriptions": [
            "subscribeToEventCreated",
            "subscribeToEventChanged",
            "subscribeToEventDeleted",
            "subscribeToEventComments",
        ],
    },
    "fanOut": {
        key: {
            "function": f"{key}-fan-out-publish-function-0123456",
            "deadLetters": f"https://sqs.{region}.amazonaws.com/123456789012/{key}-fan-out-letters-queue-0123456",
        }
        for key, region in {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}.items()
    },
    "eventBuses": {"ireland": "example.com", "sydney": "example.com"},
}


@pytest.mark.parametrize(
    ("data", "of_data"),
    [
        ("replicated", {"data": "replicated", "home": "ireland"}),
        ("regional", {"data": "regional"}),
    ],
)
def test_the_stack_tells_what_its_tools_need(data: str, of_data: dict[str, str]) -> None:
    outputs = {name: value for name, value in deployed(data=data).outputs.items() if name != "token"}

    assert re.fullmatch("[0-9a-f]{12}", outputs.pop("version"))
    if data == "regional":
        outputs["alarms"] = {
            key: {**names, "replication": f"example.com-{key}-replication"} for key, names in outputs["alarms"].items()
        }
    assert outputs == TOLD | of_data


def test_the_distribution_hands_every_request_to_the_router_and_keeps_nothing() -> None:
    distribution = deployed().named("edge-distribution").inputs
    behaviour = distribution["defaultCacheBehavior"]

    assert sorted(behaviour["allowedMethods"]) == ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    assert behaviour["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["originRequestPolicyId"] == "216adef6-5c7f-47e4-b989-5492eafa07d3"
    assert behaviour["viewerProtocolPolicy"] == "https-only"
    assert behaviour["lambdaFunctionAssociations"] == [
        {"eventType": "origin-request", "lambdaArn": "arn:aws:test:::edge-router-function:1", "includeBody": False}
    ]
    assert "orderedCacheBehaviors" not in distribution
    assert distribution["aliases"] == ["global-api.example.com"]
    assert distribution["httpVersion"] == "http2and3"
    assert distribution["isIpv6Enabled"] is True
    assert distribution["viewerCertificate"]["minimumProtocolVersion"] == "TLSv1.2_2021"


def test_the_default_origin_fails_fast_resolves_and_belongs_to_no_region() -> None:
    deployment = deployed()
    (origin,) = deployment.named("edge-distribution").inputs["origins"]
    record = deployment.named("edge-default-origin").inputs

    assert (origin["connectionAttempts"], origin["connectionTimeout"]) == (2, 3)
    assert "originShield" not in origin
    assert origin["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]
    assert origin["domainName"] == record["name"] == "default-origin.example.com"
    assert (record["type"], record["records"]) == ("A", ["192.0.2.1"])
    assert origin["domainName"] not in deployment.outputs["hosts"].values()


def test_the_certificate_covers_the_domain_and_one_label_below_with_one_validation_record() -> None:
    deployment = deployed()
    certificate = deployment.named("wildcard-certificate").inputs
    validations = [record for record in deployment.of("aws:route53/record:Record") if "allowOverwrite" in record.inputs]

    assert (certificate["domainName"], certificate["subjectAlternativeNames"]) == ("example.com", ["*.example.com"])
    assert certificate["validationMethod"] == "DNS"
    assert len(validations) == 1


def test_the_global_name_and_each_regions_name_are_simple_cnames() -> None:
    deployment = deployed()

    assert deployment.named("edge-record").inputs["records"] == ["d123.cloudfront.net"]
    assert deployment.named("ireland-record").inputs["name"] == "ireland-appsync.example.com"
    assert deployment.named("ireland-record").inputs["records"] == ["d-ireland-domain.cloudfront.net"]
    for name in ("edge-record", "ireland-record"):
        assert not {"setIdentifier", "latencyRoutingPolicies"} & set(deployment.named(name).inputs)


def test_the_edge_function_is_one_that_lambda_at_edge_takes() -> None:
    function = deployed().named("edge-router-function").inputs
    trust = json.loads(deployed().named("edge-router-role").inputs["assumeRolePolicy"])

    assert function["publish"] is True
    assert function["architectures"] == ["x86_64"]
    assert not {"environment", "vpcConfig", "layers", "deadLetterConfig", "tracingConfig", "loggingConfig"} & set(
        function
    )
    assert trust["Statement"][0]["Principal"]["Service"] == ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]


def test_the_routers_package_depends_on_code_and_regions_alone() -> None:
    def package(regions: dict[str, str]) -> object:
        return deploy(config(regions, **CREATES_ZONE)).named("edge-router-function").inputs["code"]

    again = package(TWO)
    assert again == deployed().named("edge-router-function").inputs["code"]
    assert again != package({**TWO, "tokyo": "ap-northeast-1"})


def test_the_table_is_baked_into_the_routers_package() -> None:
    assets = deployed().named("edge-router-function").inputs["code"]["assets"]

    assert json.loads(assets["routes.json"]["text"])["regions"]["sydney"] == {
        "host": "sydney-appsync.example.com",
        "region": "ap-southeast-2",
    }
    assert {"handler.py", "handler.pyc"} & set(assets)


# What IAM cannot narrow.
NAMELESS = {"cloudwatch:GetMetricData", "xray:PutTelemetryRecords", "xray:PutTraceSegments"}


def test_a_policy_names_what_it_allows_and_on_what() -> None:
    named = re.compile(
        r"arn:aws:test:::[\w-]+(:\*|/types/Mutation/fields/\w+)?"  # the streams of a log, a field of an API
        r"|arn:aws:dynamodb:[\w-]+:\d+:table/example\.com\.[\w-]+(/index/\*|/stream/([\w:.-]+|\*))?"
        r"|arn:aws:secretsmanager:[\w-]+:\d+:secret:antipodes/example\.com/token-\?{6}"
        r"|arn:aws:lambda:[\w-]+:\d+:function:[\w-]+"
        r"|arn:aws:logs:[\w-]+:\d+:log-group:[\w-]+:\*"
        r"|arn:aws:logs:\*:\d+:log-group:/aws/lambda/us-east-1\.edge-router-function-\w+:\*"
    )
    for policy in deployed().of("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            assert not [action for action in statement["Action"] if "*" in action]
            if not set(statement["Action"]) <= NAMELESS:
                assert all(map(named.fullmatch, statement["Resource"])), statement


def test_the_authorizer_reads_its_own_regions_copy_of_the_token_and_nothing_else() -> None:
    statements = json.loads(deployed().named("sydney-authorizer-policy").inputs["policy"])["Statement"]
    (reading,) = [each for each in statements if each["Action"] == ["secretsmanager:GetSecretValue"]]

    assert reading["Resource"] == [
        "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:antipodes/example.com/token-??????"
    ]
    others = {action for each in statements if each is not reading for action in each["Action"]}
    assert {action.partition(":")[0] for action in others} == {"logs", "xray"}


@pytest.mark.parametrize("data", ["replicated", "regional"])
def test_resolvers_know_their_tables_and_nothing_more(data: str) -> None:
    deployment = deployed(data=data)
    function = deployment.named("ireland-resolvers-function").inputs
    statements = json.loads(deployment.named("ireland-resolvers-policy").inputs["policy"])["Statement"]

    names = {"TABLE_EVENTS": "example.com.events", "TABLE_COMMENTS": "example.com.comments"}
    assert function["environment"]["variables"] == names
    named = [each["Resource"] for each in statements if not set(each["Action"]) <= NAMELESS]
    assert {resource for resources in named for resource in resources} == {
        "arn:aws:logs:eu-west-1:123456789012:log-group:ireland-resolvers-log-0123456:*",
        *(
            f"arn:aws:dynamodb:eu-west-1:123456789012:table/{name}{end}"
            for name in names.values()
            for end in ("", "/index/*")
        ),
    }


def test_a_field_is_attached_to_the_resolvers_or_tells_its_argument_to_subscribers() -> None:
    fields: dict[str, set[str]] = {}
    for each in of_region(deployed(), "ireland"):
        if each.kind == "aws:appsync/resolver:Resolver":
            fields.setdefault(each.inputs["dataSource"], set()).add(f"{each.inputs['type']}.{each.inputs['field']}")

    assert fields["publications"] == {
        "Mutation.publishComment",
        "Mutation.publishEventChanged",
        "Mutation.publishEventCreated",
        "Mutation.publishEventDeleted",
    }
    assert fields["resolvers"] >= {"Query.getEvent", "Mutation.createEvent", "Mutation.recordEvent", "Event.comments"}
    assert fields["subscribers"] == {
        "Mutation.antipodesMoveSubscribers",
        "Subscription.subscribeToEventChanged",
        "Subscription.subscribeToEventComments",
        "Subscription.subscribeToEventCreated",
        "Subscription.subscribeToEventDeleted",
    }
    assert set(fields) == {"resolvers", "publications", "subscribers"}


def test_queries_and_mutations_say_which_region_answered_and_nested_fields_cost_no_code() -> None:
    for key in TWO:
        resolvers = [each.inputs for each in of_region(deployed(), key) if each.inputs.get("dataSource") == "resolvers"]
        by_type = {(each["type"], each.get("code"), str(each.get("runtime"))) for each in resolvers}
        codes = {kind: (code, runtime) for kind, code, runtime in by_type}

        assert len(by_type) == len(codes) == 3, "one code for all of a type"
        assert codes["Query"] == codes["Mutation"]
        assert codes["Event"] == (None, "None")
        assert f'antipodes;desc="{key}"\'' in str(codes["Query"][0])
        assert "$region" not in str(codes["Query"][0])
        assert "APPSYNC_JS" in codes["Query"][1]


def test_the_api_takes_no_key_and_logs_no_contents() -> None:
    api = deployed().named("ireland-api").inputs

    assert api["authenticationType"] == "AWS_LAMBDA"
    assert api["additionalAuthenticationProviders"] == [{"authenticationType": "AWS_IAM"}]
    assert api["logConfig"]["fieldLogLevel"] == "ERROR"
    assert api["logConfig"]["excludeVerboseContent"] is True
    assert 0 < api["queryDepthLimit"] <= 75
    assert 0 < api["resolverCountLimit"] <= 10000


@pytest.mark.parametrize(
    ("protected", "deletion_protection", "recovery", "introspection"),
    [("true", True, 30, "DISABLED"), ("false", False, 0, "ENABLED")],
)
def test_protection_holds_data_and_secret_and_hides_the_schema(
    protected: str, *, deletion_protection: bool, recovery: int, introspection: str
) -> None:
    deployment = deploy(config({"ireland": "eu-west-1"}, protected=protected))

    assert deployment.named("events-table").inputs["deletionProtectionEnabled"] is deletion_protection
    assert deployment.named("token-secret").inputs["recoveryWindowInDays"] == recovery
    assert deployment.named("ireland-api").inputs["introspectionConfig"] == introspection


def test_an_existing_zone_is_used_and_none_is_made() -> None:
    deployment = deploy(config({"ireland": "eu-west-1"}))

    assert deployment.of("aws:route53/zone:Zone") == []
    assert {record.inputs["zoneId"] for record in deployment.of("aws:route53/record:Record")} == {"Z-LOOKED-UP"}


def test_a_zone_is_made_when_the_config_says_so() -> None:
    records = deployed().of("aws:route53/record:Record")

    assert deployed().one("aws:route53/zone:Zone").inputs["name"] == "example.com"
    assert {record.inputs["zoneId"] for record in records} == {"Z-CREATED"}


def refused_zone(zone: dict[str, object] | None) -> str:
    """What the program says, having made nothing in AWS."""
    recorded = Deployment()
    with pytest.raises(pulumi.RunError) as caught:
        deploy(config(TWO), into=recorded, zone=zone)
    assert [resource for resource in recorded.resources if resource.custom] == []
    return str(caught.value)


def test_a_domain_without_a_zone_is_refused_with_the_remedy() -> None:
    said = refused_zone(None)

    assert "one public hosted zone example.com, and the lookup failed: " in said
    assert "no matching hosted zone found" in said
    assert "antipodes:hostedZone: create" in said


def test_the_zone_that_a_stack_made_cannot_become_one_that_it_looks_up() -> None:
    made = deployed().one("aws:route53/zone:Zone").inputs

    assert "This stack made the zone example.com" in refused_zone({**ZONE, "comment": made["comment"]})


def refused(values: dict[str, object], root: Path = ROOT) -> str:
    """What the program says, having registered nothing."""
    recorded = Deployment()
    with pytest.raises(pulumi.RunError) as caught:
        deploy(values, root, recorded)
    assert recorded.resources == []
    return str(caught.value)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"antipodes:regions": "{}"}, "antipodes:regions"),
        ({"antipodes:regions": '["eu-west-1"]'}, "ireland: eu-west-1"),
        ({"antipodes:regions": '{"Ireland!": "eu-west-1"}'}, "antipodes:regions.Ireland!"),
        ({"antipodes:regions": '{"a": "eu-west-1", "b": "eu-west-1"}'}, "already the region of a"),
        ({"antipodes:regions": '{"a": "eu-west-9"}'}, "no AWS region"),
        ({"antipodes:regions": '{"a": "mx-central-1"}'}, "has no AppSync"),
        ({"antipodes:domain": "https://example.com"}, "no scheme"),
        ({"antipodes:reigons": "{}"}, "Did you mean regions?"),
        ({"aws:region": "eu-west-1"}, "aws:region: us-east-1"),
        ({"antipodes:home": "tokyo"}, "The home is one of the stack's regions."),
        ({"antipodes:data": "regional"}, "remove the line antipodes:home"),
        ({"antipodes:consistency": "strong"}, "exactly 3 regions, not in 2"),
    ],
)
def test_a_bad_config_is_refused_before_anything_is_registered(broken: dict[str, str], said: str) -> None:
    assert said in refused({**config(TWO), **broken})


def test_an_error_does_not_show_what_the_engine_keeps_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", '["antipodes:apiKey"]')

    said = refused({**config(TWO), "antipodes:apiKey": "da2-a-key"})

    assert "antipodes:apiKey: (secret)" in said
    assert "da2-a-key" not in said


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program with folders that a test may spoil."""
    for folder in ("api", "edge", "region"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "__main__.py", tmp_path)
    (tmp_path / ".build").symlink_to(ROOT / ".build")
    return tmp_path


def test_an_api_that_does_not_fit_together_is_refused_before_anything_is_registered(copy: Path) -> None:
    (copy / "api" / "resolvers" / "Query" / "getEvent.py").unlink()

    assert "Query.getEvent has no resolver" in refused(config(TWO), copy)


def test_a_router_over_the_limit_is_refused_before_anything_is_registered(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "EDGE_ZIPPED_LIMIT", 2**20)
    (copy / "edge" / "router" / "big.py").write_text(f"# {secrets.token_hex(2**20)}", encoding="utf-8")

    assert "Lambda@Edge takes at most 1 MB" in refused(config(TWO), copy)


def test_another_api_is_deployed_with_only_its_folder_changed(copy: Path) -> None:
    shutil.rmtree(copy / "api")
    shutil.copytree(ROOT / "tests" / "other_api", copy / "api")

    deployment = deploy(config(TWO), copy)

    tables = {each.name: each.inputs for each in deployment.of("aws:dynamodb/table:Table")}
    assert set(tables) == {"polls-table", "votes-table", "antipodes-canary-table"}
    votes = tables["votes-table"]
    assert (votes["hashKey"], votes["rangeKey"]) == ("slug", "voter")
    assert votes["globalSecondaryIndexes"] == [
        {
            "name": "by_voter",
            "keySchemas": [
                {"attributeName": "voter", "keyType": "HASH"},
                {"attributeName": "slug", "keyType": "RANGE"},
            ],
            "projectionType": "ALL",
        }
    ]
