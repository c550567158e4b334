from collections.abc import Iterator

import pytest

from tests.sandbox.provider.embedded_aws import Engine, embedded_aws


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One control plane for all tests: each uses names of its own."""
    with embedded_aws(tmp_path_factory.mktemp("aws")) as running:
        yield running
