"""What the policy of a command allows is what the command asks: nothing is refused to it, and nothing left over."""

import ast
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import EndpointConnectionError

from geography import REGIONAL_EDGE_CACHES
from ops import drain, edge_functions, evacuate, journal, logs, restore, status, sweep, switching, verify
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.permissions import COMMANDS, DRAIN, EVACUATE, LOGS, RESTORE, STATUS, SWEEP, VERIFY, document
from ops.policy_length import parts
from tests.ops import api as apis
from tests.ops import world as outside
from tests.ops.calls import Recorder, refused, unused
from tests.ops.conftest import unreachable
from tests.ops.outputs import ACCOUNT, BY_FUNCTION, OUTPUTS, REGIONS, ROUTER, VERSION
from tests.ops.world import World
from tests.sandbox.edge_functions import Edge, edge_of_its_own

world = outside.world

OPS = Path(__file__).parents[2] / "ops"
SDL = """
type Event { id: ID }
type Query { event: Event }
type Mutation { publish: Event @aws_iam }
type Subscription { changed: Event @aws_subscribe(mutations: ["publish"]) }
"""
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/c"
CONFIG = {
    "Enabled": True,
    "Origins": {"Items": []},
    "ViewerCertificate": {"ACMCertificateArn": CERTIFICATE},
    "DefaultCacheBehavior": {
        "ViewerProtocolPolicy": "https-only",
        "LambdaFunctionAssociations": {"Items": [{"EventType": "origin-request", "LambdaFunctionARN": VERSION}]},
        "FunctionAssociations": {
            "Items": [{"EventType": "viewer-request", "FunctionARN": f"arn:aws:cloudfront::{ACCOUNT}:function/edge"}]
        },
    },
}
STORE = f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/store"


def configuration(name: str) -> dict[str, Any]:
    """As the program makes it: role and log are called like the function."""
    role = f"arn:aws:iam::{ACCOUNT}:role/{name.replace('-function-', '-role-')}"
    log = {"LogGroup": name.replace("-function-", "-log-")}
    return {
        "FunctionName": name,
        "FunctionArn": f"arn:aws:lambda:::function:{name}",
        "Role": role,
        "LoggingConfig": log,
    }


@dataclass(frozen=True)
class Answers:
    """Clients of an AWS that answers where more is asked because of the answer, and elsewhere does not."""

    def __call__(self, _: str, __: str) -> Any:
        return self

    def get_paginator(self, operation: str) -> Any:
        answer = getattr(self, operation)

        @dataclass(frozen=True)
        class Pages:
            def paginate(self, **given: Any) -> Iterator[Any]:
                yield answer(**given)

        return Pages()

    def __getattr__(self, operation: str) -> Any:
        def silent(**_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url=operation)

        return silent

    def get_distribution(self, **_: Any) -> Any:
        return {"Distribution": {"DomainName": "d.cloudfront.net", "DistributionConfig": CONFIG}}

    def describe_function(self, **_: Any) -> Any:
        stores = {"KeyValueStoreAssociations": {"Items": [{"KeyValueStoreARN": STORE}]}}
        return {"FunctionSummary": {"FunctionConfig": stores}}

    def get_function(self, **_: Any) -> Any:
        """Of CloudFront, and of Lambda."""
        location = {"Location": "http://127.0.0.1:1/code"}
        return {"FunctionCode": io.BytesIO(), "Configuration": configuration(ROUTER), "Code": location}

    def get_health_check(self, **_: Any) -> Any:
        return {"HealthCheck": {"HealthCheckConfig": {}}}

    def get_domain_name(self, **_: Any) -> Any:
        return {"domainNameConfig": {"appsyncDomainName": "d", "certificateArn": CERTIFICATE}}

    def get_graphql_api(self, *, apiId: str) -> Any:  # noqa: N803 - as boto3 has it
        return {"graphqlApi": {"arn": f"arn:aws:appsync:::apis/{apiId}", "authenticationType": "AWS_LAMBDA"}}

    def get_introspection_schema(self, **_: Any) -> Any:
        return {"schema": io.BytesIO(SDL.encode())}

    def get_function_configuration(self, *, FunctionName: str) -> Any:  # noqa: N803 - as boto3 has it
        return configuration(FunctionName)

    def list_event_source_mappings(self, **_: Any) -> Any:
        return {"EventSourceMappings": [{"EventSourceArn": ":table/example.com.events/stream/s", "State": "Enabled"}]}

    def describe_table(self, **_: Any) -> Any:
        return {"Table": {"TableStatus": "ACTIVE"}}

    def describe_secret(self, **_: Any) -> Any:
        return {"ARN": "arn:aws:secretsmanager:::secret:s"}

    def get_policy(self, **_: Any) -> Any:
        return {"Policy": "{}"}

    def simulate_principal_policy(self, **_: Any) -> Any:
        return {"EvaluationResults": [{"EvalDecision": "allowed"}]}

    def get_item(self, **_: Any) -> Any:
        return {"Item": {}}

    def put_item(self, **_: Any) -> None: ...

    def delete_item(self, **_: Any) -> None: ...

    def filter_log_events(self, **_: Any) -> Any:
        return {"events": []}


def recorded(deployment: Deployment) -> tuple[Recorder, Deployment]:
    """A stack that tells all that a stack tells, and keeps what is asked of its AWS."""
    recorder = Recorder(deployment.clients)
    return recorder, replace(deployment, clients=recorder, outputs={**OUTPUTS, **deployment.outputs})


def switched(stack: Deployment, what: str, key: str) -> None:
    command = {DRAIN: drain, RESTORE: restore}[what]
    found = switching.look(stack, what, key)
    assert command.plan(stack, key, found).is_needed
    with journal.recorded(stack, what, key, tell=lambda _: None) as record:
        command.act(stack, key, found, record)


def test_status(world: tuple[World, Deployment]):
    recorder, stack = recorded(world[1])
    status.look(stack)
    policy = document(stack, [STATUS])

    assert refused(policy, recorder.calls, stack) == []
    assert unused(policy, recorder.calls, stack) == []


def test_drain_and_restore(world: tuple[World, Deployment]):
    recorder, stack = recorded(world[1])
    for key in REGIONS:
        switched(stack, DRAIN, key)
        switched(stack, RESTORE, key)

    for what in (DRAIN, RESTORE):
        policy = document(stack, [what])
        assert refused(policy, recorder.calls, stack) == []
        assert unused(policy, recorder.calls, stack) == []


def test_evacuate(world: tuple[World, Deployment], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ops.metrics.minute", lambda _: 0.1)
    with apis.served(replace(world[1], outputs={**OUTPUTS, **world[1].outputs}), "sydney") as (_, served):
        recorder, stack = recorded(served)
        found = evacuate.look(stack, "sydney")
        with journal.recorded(stack, EVACUATE, "sydney", tell=lambda _: None) as record:
            evacuate.act(stack, "sydney", found, record)
    policy = document(stack, [EVACUATE])

    assert refused(policy, recorder.calls, stack) == []
    assert unused(policy, recorder.calls, stack) == [  # what an evacuation of ireland asks
        "arn:aws:route53:::healthcheck/ireland-at-sydney",
        f"arn:aws:sqs:ap-southeast-2:{ACCOUNT}:sydney-letters-0123456",
    ]


@pytest.mark.parametrize("outputs", [OUTPUTS, BY_FUNCTION], ids=lambda outputs: str(outputs["router"]))
def test_verify(outputs: dict[str, Any]):
    recorder, stack = recorded(replace(unreachable(outputs), clients=Answers()))
    stack = replace(stack, outputs=outputs)
    verify.verify(stack, rounds=1)
    policy = document(stack, [VERIFY])

    assert refused(policy, recorder.calls, stack) == []
    assert unused(policy, recorder.calls, stack) == []


@pytest.mark.parametrize("outputs", [OUTPUTS, BY_FUNCTION], ids=lambda outputs: str(outputs["router"]))
def test_logs(outputs: dict[str, Any]):
    recorder, stack = recorded(replace(unreachable(outputs), clients=Answers()))
    stack = replace(stack, outputs=outputs)
    logs.read(stack, logs.sources(stack, REGIONAL_EDGE_CACHES), 0)
    policy = document(stack, [LOGS])

    assert refused(policy, recorder.calls, stack) == []
    assert unused(policy, recorder.calls, stack) == []


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with edge_of_its_own(tmp_path_factory.mktemp("permissions")) as made:
        yield made


def test_sweep(edge: Edge):
    clients, orphan = edge.aws.clients, "edge-router-function-6543210"
    edge.publish(ROUTER, 3, domain="example.com")
    edge.publish(orphan, domain="example.com")
    clients("logs", "eu-west-2").create_log_group(logGroupName=edge_functions.log_group(orphan))
    tags = {name: {"antipodes:domain": "example.com"} for name in (ROUTER, orphan)}
    recorder, stack = recorded(replace(unreachable(OUTPUTS), clients=clients))

    with journal.recorded(stack, SWEEP, tell=lambda _: None) as record:
        found = sweep.look(stack.clients, "example.com", [ROUTER])
        assert sweep.carry_out(stack.clients, found, record.step) == ()
    policy = document(stack, [SWEEP])

    assert refused(policy, recorder.calls, stack, tags) == []
    assert unused(policy, recorder.calls, stack, tags) == []
    assert refused(policy, recorder.calls, stack, {ROUTER: {}, orphan: {"antipodes:domain": "another.com"}})


def test_what_operations_call_is_what_the_policies_allow_in_all():
    """Also where no test comes by: by the names that are in the code."""
    stacks = [unreachable(outputs) for outputs in (OUTPUTS, BY_FUNCTION)]
    actions = {
        action for stack in stacks for statement in document(stack)["Statement"] for action in statement["Action"]
    }
    allowed = {xform_name(action.partition(":")[2]) for action in actions - {"appsync:GraphQL"}}

    assert called(OPS) - {"get_caller_identity"} == allowed


def called(folder: Path) -> set[str]:
    """The operations of AWS that the code in a folder names, on clients and for their paginators."""
    nodes = [node for file in folder.rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    session = botocore.session.get_session()
    services = texts & set(session.get_available_services())
    operations = {xform_name(name) for each in services for name in session.get_service_model(each).operation_names}
    modules = {alias.asname or alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    of_calls = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call)]
    asked = [each for each in (*(call.func for call in calls), *of_calls) if isinstance(each, ast.Attribute)]
    names = {each.attr for each in asked if not (isinstance(each.value, ast.Name) and each.value.id in modules)}
    paged = {ast.literal_eval(each.args[0]) for each in calls if ast.unparse(each.func).endswith(".get_paginator")}
    return (names | paged) & operations


def test_whoever_may_verify_may_not_drain(world: tuple[World, Deployment]):
    recorder, stack = recorded(world[1])
    switched(stack, DRAIN, "sydney")

    lacking = refused(document(stack, [STATUS, VERIFY, LOGS]), recorder.calls, stack)

    assert {each.partition(" on ")[0] for each in lacking} == {"dynamodb:PutItem", "route53:GetHealthCheckStatus"}


def test_a_document_for_all_has_what_those_for_each_have():
    def pairs(policy: Mapping[str, Any]) -> set[tuple[str, str, str]]:
        return {(s["Sid"], a, r) for s in policy["Statement"] for a in s["Action"] for r in s["Resource"]}

    stack = unreachable(OUTPUTS)
    each = [pairs(document(stack, [command])) for command in COMMANDS]

    assert set.union(*each) <= pairs(document(stack))
    assert len({statement["Sid"] for statement in document(stack)["Statement"]}) == len(document(stack)["Statement"])


def test_where_the_router_asks_no_dns_nobody_may_write_the_switch_that_it_would_not_heed():
    sids = {statement["Sid"] for statement in document(unreachable(BY_FUNCTION))["Statement"]}

    assert not sids & {"Switch", "Evacuate"}
    assert {"Read", "Record", "SweepTagged"} <= sids
    with pytest.raises(OperationError, match="drain works by Route 53's answers, and this stack has none"):
        document(unreachable(BY_FUNCTION), [DRAIN])


def test_a_stack_of_an_older_version_is_told_apart():
    older = {name: value for name, value in OUTPUTS.items() if name != "topics"}
    with pytest.raises(OperationError, match="no output 'topics'"):
        document(unreachable(older))


def test_a_stack_in_all_regions_has_no_more_parts_than_a_role_takes_policies():
    keys = {f"region-number-{number}": f"ap-southeast-{number}" for number in range(22)}

    def everywhere(value: Any) -> Any:
        """What is so of ireland, of all, under their own names."""
        if not isinstance(value, dict) or "ireland" not in value:
            return value
        text = json.dumps(value["ireland"])
        return {key: json.loads(text.replace("ireland", key)) for key in keys}

    outputs = {name: everywhere(value) for name, value in OUTPUTS.items()} | {"regions": keys}

    assert 3 < len(parts(document(unreachable(outputs)))) <= 10
