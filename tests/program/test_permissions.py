"""What the operators' policy tells by a pattern is called so by the program."""

import pytest

from ops.permissions import document
from ops.stack_arns import StackArns
from tests.ops.conftest import unreachable
from tests.program.recording import Deployment, config, deploy
from tests.program.stacks import CREATES_ZONE, TWO, deployed

LOG, ROLE = "aws:cloudwatch/logGroup:LogGroup", "aws:iam/role:Role"


@pytest.fixture
def made() -> Deployment:
    return deployed()


def stems(patterns: tuple[str, ...], kind: str) -> set[str]:
    """Of patterns such as `...:role/<stem>-*`: what comes before what is made up at deployment."""
    return {each.partition(kind)[2].partition("-*")[0] for each in patterns if "-*" in each}


def test_each_function_has_a_log_that_is_called_like_it(made: Deployment) -> None:
    logs = {each.name for each in made.of(LOG) if "name" not in each.inputs}

    assert logs == stems(StackArns(unreachable(made.outputs)).logs, ":log-group:")


def test_each_function_has_a_role_that_is_called_like_it(made: Deployment) -> None:
    arns = StackArns(unreachable(made.outputs))
    functions = [each for each in made.resources if each.kind.endswith((":RegionalFunction", ":EdgeRouter"))]
    roles = {each.name for function in functions for each in made.below(function.urn) if each.kind == ROLE}

    told = arns.roles("authorizer", "resolvers", "health", "fan-out") + arns.router_role
    assert roles == stems(told, ":role/")
    assert len(roles) == 4 * len(TWO) + 1


@pytest.mark.parametrize("stack", ["one region", "router: function"])
def test_what_a_stack_does_not_have_no_statement_is_about(stack: str) -> None:
    by_function = {"router": "function"} if stack == "router: function" else {}
    regions = TWO if by_function else {"ireland": "eu-west-1"}
    made = deploy(config(regions, **by_function, **CREATES_ZONE))
    statements = document(unreachable(made.outputs))["Statement"]

    assert all(statement["Resource"] for statement in statements)
    arns = [arn for statement in statements for arn in statement["Resource"]]
    assert any(":key-value-store/" in arn for arn in arns) == bool(by_function)
    assert any(":healthcheck/" in arn for arn in arns) != bool(by_function)
