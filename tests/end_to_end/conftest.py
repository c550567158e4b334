import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import pulumi_cli
from cli.project import HERE
from sandbox import folder
from tests.end_to_end.checkout import Checkout

_FIRST_PORT = 25400
_BLOCK = 400
_EPHEMERAL = 32768  # from here on the system gives ports to clients


@pytest.fixture(scope="session")
def engine_on_path() -> None:
    """Puts the project's Pulumi CLI on PATH, for the checkouts of the tests."""
    found = pulumi_cli.find(HERE)
    assert found is not None, "`make test` builds the Pulumi CLI where there is none; so does: python -m cli.tools"
    os.environ["PATH"] = f"{found / 'bin'}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="module")
def checkout(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_on_path: None
) -> Iterator[Checkout]:
    """A copy of the project for the tests of one file, with ports of its own; ended with the file."""
    files = sorted(path.name for path in Path(__file__).parent.glob("test_*.py"))
    port = _FIRST_PORT + files.index(Path(request.node.path).name) * _BLOCK
    assert port + _BLOCK <= _EPHEMERAL, "there are more files than blocks of ports"
    made = Checkout.make(tmp_path_factory.mktemp("checkout") / "project", port)
    try:
        yield made
    finally:
        folder.stop(made.root / ".sandbox")  # what was deployed there goes with it, without the engine's work
