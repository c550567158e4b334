"""Defects of a region: its API's name, its authorizer and its token."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.ops.defects.defect import Defect, Plant, Stack

_KEY = "sydney"
_HOST = "sydney-appsync."
_PATIENCE = 30.0  # seconds


@contextmanager
def another_api(stack: Stack) -> Iterator[None]:
    """Sydney's name leads to an API that somebody made beside it."""
    appsync, host = stack.client("appsync", _KEY), f"{_HOST}{stack.domain}"
    made = appsync.create_graphql_api(name="another", authenticationType="API_KEY")["graphqlApi"]["apiId"]
    appsync.disassociate_api(domainName=host)
    appsync.associate_api(domainName=host, apiId=made)
    try:
        yield
    finally:
        appsync.disassociate_api(domainName=host)
        appsync.associate_api(domainName=host, apiId=stack.outputs["apis"][_KEY]["id"])
        appsync.delete_graphql_api(apiId=made)


@contextmanager
def no_association(stack: Stack) -> Iterator[None]:
    appsync, host = stack.client("appsync", _KEY), f"{_HOST}{stack.domain}"
    appsync.disassociate_api(domainName=host)
    try:
        yield
    finally:
        appsync.associate_api(domainName=host, apiId=stack.outputs["apis"][_KEY]["id"])


@contextmanager
def uncallable_authorizer(stack: Stack) -> Iterator[None]:
    functions, name = stack.client("lambda", _KEY), stack.outputs["functions"][_KEY]["authorizer"]
    [statement] = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    functions.remove_permission(FunctionName=name, StatementId=statement["Sid"])
    try:
        yield
    finally:
        [[condition]] = [each.values() for each in statement["Condition"].values()]
        functions.add_permission(
            FunctionName=name,
            StatementId=statement["Sid"],
            Action=statement["Action"],
            Principal=statement["Principal"]["Service"],
            SourceArn=condition,
        )


def environment(function: tuple[str, str], **other: str) -> Plant:
    """Of Sydney's function that the outputs tell at this path before the key and after it."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        functions, name = stack.client("lambda", _KEY), stack.outputs[function[0]][_KEY][function[1]]
        old = functions.get_function_configuration(FunctionName=name)["Environment"]
        new = {"Variables": {**old["Variables"], **other}}
        _configure(functions, name, new)
        try:
            yield
        finally:
            _configure(functions, name, old)

    return plant


def _configure(functions: Any, name: str, environment: Any) -> None:
    """Ends when Lambda has finished with it."""
    functions.update_function_configuration(FunctionName=name, Environment=environment)
    deadline = time.monotonic() + _PATIENCE
    while functions.get_function_configuration(FunctionName=name)["LastUpdateStatus"] == "InProgress":
        assert time.monotonic() < deadline, f"{name} is still being updated"
        time.sleep(0.02)


def policy(function: tuple[str, str], action: str) -> Plant:
    """What the role of Sydney's function may do, without one action."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        iam, name = stack.client("iam"), stack.outputs[function[0]][_KEY][function[1]]
        configuration = stack.client("lambda", _KEY).get_function_configuration(FunctionName=name)
        role = configuration["Role"].rpartition("/")[2]
        [inline] = iam.list_role_policies(RoleName=role)["PolicyNames"]
        old = iam.get_role_policy(RoleName=role, PolicyName=inline)["PolicyDocument"]
        kept = [statement for statement in old["Statement"] if action not in statement["Action"]]
        assert len(kept) < len(old["Statement"])
        _put(iam, role, inline, {**old, "Statement": kept})
        try:
            yield
        finally:
            _put(iam, role, inline, old)

    return plant


def _put(iam: Any, role: str, name: str, document: Any) -> None:
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


@contextmanager
def no_token(stack: Stack) -> Iterator[None]:
    original, name = stack.client("secretsmanager"), stack.outputs["tokenSecret"]["name"]
    region = stack.outputs["regions"][_KEY]
    original.remove_regions_from_replication(SecretId=name, RemoveReplicaRegions=[region])
    try:
        yield
    finally:
        original.replicate_secret_to_regions(SecretId=name, AddReplicaRegions=[{"Region": region}])


@contextmanager
def another_token(stack: Stack) -> Iterator[None]:
    """In a secret of that name that is no copy."""
    secrets, name = stack.client("secretsmanager", _KEY), stack.outputs["tokenSecret"]["name"]
    with no_token(stack):
        secrets.create_secret(Name=name, SecretString="another")
        try:
            yield
        finally:
            secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


_AUTHORIZER = ("functions", "authorizer")
_FAN_OUT = ("fanOut", "function")

DEFECTS = (
    Defect("a name that leads to another API", another_api, "regional host", _KEY, "leads to the API"),
    Defect("a name that leads to no API", no_association, "regional host", _KEY, "the API of nobody"),
    Defect("an authorizer that may not be called", uncallable_authorizer, "authorizer", _KEY, "let AppSync call it"),
    Defect(
        "an authorizer with another secret",
        environment(_AUTHORIZER, TOKEN_SECRET="elsewhere"),
        "authorizer",
        _KEY,
        "from the secret elsewhere",
    ),
    Defect(
        "an authorizer that may not read the token",
        policy(_AUTHORIZER, "secretsmanager:GetSecretValue"),
        "authorizer",
        _KEY,
        "may not read",
    ),
    Defect("another token", another_token, "token", _KEY, "another token than us-east-1", "replicates within seconds"),
    Defect("no token", no_token, "token", _KEY, "cannot be read", "AWS Health"),
    Defect(
        "a fan-out that publishes in another region",
        environment(_FAN_OUT, GRAPHQL_URL="https://elsewhere.example/graphql"),
        "fan-out",
        _KEY,
        "publishes to https://elsewhere.example/graphql",
    ),
    Defect(
        "a fan-out that may not publish",
        policy(_FAN_OUT, "appsync:GraphQL"),
        "publishing",
        _KEY,
        "may not call publishComment, publishEventChanged",
    ),
)
