from collections.abc import Iterator

import pytest

from tests.policy.deployment_old import Shape
from tests.policy.pack import Analyzer, Judge, judge_in_process, running_analyzer


@pytest.fixture(scope="session")
def analyzer() -> Iterator[Analyzer]:
    with running_analyzer() as started:
        yield started


@pytest.fixture(params=["validate", "analyzer"])
def judge(request: pytest.FixtureRequest) -> Judge:
    """The pack's judgement, got in two ways: each policy's validate(), and the process that the engine runs."""
    if request.param == "validate":
        return judge_in_process
    started: Analyzer = request.getfixturevalue("analyzer")
    return started.judge


@pytest.fixture(params=list(Shape), ids=[shape.value for shape in Shape])
def shape(request: pytest.FixtureRequest) -> Shape:
    chosen: Shape = request.param
    return chosen
