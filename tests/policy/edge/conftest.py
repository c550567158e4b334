from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.policy.edge.stacks import Shape, Stack, shown
from tests.policy.judge import Finding
from tests.policy.judge import judge as judge_deployment

Judge = Callable[..., list[Finding]]
"""judge(stack, shape, config={}): what the edge's rules find in the stack."""


@pytest.fixture
def judge() -> Judge:
    def found(stack: Stack, shape: Shape = Shape.PREVIEW, config: Mapping[str, Any] | None = None) -> list[Finding]:
        said = judge_deployment(shown(stack, shape), config)
        return [finding for finding in said if finding.policy.startswith("edge-")]

    return found


@pytest.fixture(params=list(Shape), ids=[shape.value for shape in Shape])
def shape(request: pytest.FixtureRequest) -> Shape:
    chosen: Shape = request.param
    return chosen
