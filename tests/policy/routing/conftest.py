from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.policy.edge.stacks import Shape, Stack, shown
from tests.policy.judge import Finding
from tests.policy.judge import judge as judge_deployment

Judge = Callable[..., set[tuple[str, str]]]
"""judge(stack, shape, config={}): which of the routing's rules say something of the stack, and at which level."""


@pytest.fixture
def judge() -> Judge:
    def found(
        stack: Stack, shape: Shape = Shape.PREVIEW, config: Mapping[str, Any] | None = None
    ) -> set[tuple[str, str]]:
        said: list[Finding] = judge_deployment(shown(stack, shape), config)
        return {(finding.policy, finding.level) for finding in said if finding.policy.startswith("routing-")}

    return found


@pytest.fixture(params=list(Shape), ids=[shape.value for shape in Shape])
def shape(request: pytest.FixtureRequest) -> Shape:
    chosen: Shape = request.param
    return chosen
