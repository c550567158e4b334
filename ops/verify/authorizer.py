"""Who lets clients in: each region's authorizer, and the function behind it.

AppSync keeps an admission for a minute, so this looks at what an admission depends on and not at one alone.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ops.verify.finding import Fault
from ops.verify.functions import judge_state
from ops.verify.link import Link
from ops.verify.permissions import function_policy, refused, statements
from ops.verify.site import Site

_APPSYNC = "appsync.amazonaws.com"


@dataclass(frozen=True)
class Authorizer:
    """The API and the function as AWS describes them, the function's own policy, and what its role may not do.

    Attributes:
        policy: empty where the function has none.
        reads_token: whether IAM lets its role.
    """

    api: Mapping[str, Any]
    function: Mapping[str, Any]
    policy: Mapping[str, Any]
    reads_token: bool = True


def judge(name: str, secret: str, read: Authorizer) -> Iterator[Fault]:
    """`name` is the function's that should let clients in; `secret` the token's."""
    arn, api = read.function["FunctionArn"], read.api["arn"]
    mode = read.api["authenticationType"]
    if mode != "AWS_LAMBDA":
        yield Fault(f"the API lets clients in by {mode}, and not by an authorizer")
    elif (uri := read.api.get("lambdaAuthorizerConfig", {}).get("authorizerUri")) != arn:
        yield Fault(f"the API asks {uri} who may come in, and not {name}")
    yield from judge_state(read.function)
    if not any(_admits(statement, api) for statement in statements(read.policy)):
        yield Fault(f"the policy of {name} does not let AppSync call it for {api}: nobody is let in")
    variables = read.function.get("Environment", {}).get("Variables", {})
    if (read_secret := variables.get("TOKEN_SECRET")) != secret:
        yield Fault(f"{name} takes the token from the secret {read_secret}, not from {secret}")
    if not read.reads_token:
        yield Fault(f"the role of {name} may not read {secret}, so it knows no token")


def _admits(statement: Mapping[str, Any], api: str) -> bool:
    condition = json.dumps(statement.get("Condition", {}))
    return (
        statement.get("Effect") == "Allow"
        and _APPSYNC in json.dumps(statement.get("Principal", {}))
        and "lambda:InvokeFunction" in json.dumps(statement.get("Action"))
        and (condition == "{}" or api in condition)
    )


def _check(site: Site, key: str) -> Iterator[Fault]:
    region, name = site.region(key), site.told("functions", key, "authorizer")
    functions, secret = site.client("lambda", region), site.told("tokenSecret", "name")
    api = site.client("appsync", region).get_graphql_api(apiId=site.told("apis", key, "id"))["graphqlApi"]
    function = functions.get_function_configuration(FunctionName=name)
    copy = site.client("secretsmanager", region).describe_secret(SecretId=secret)["ARN"]
    reads_token = not refused(site, function["Role"], "secretsmanager:GetSecretValue", [copy])
    return judge(name, secret, Authorizer(api, function, function_policy(functions, name), reads_token))


LINK = Link(
    "authorizer", "each region's API asks its own authorizer, which may be asked", in_region=_check, after=("token",)
)
