from collections.abc import Iterator

import pytest

from tests.api.conftest import at_emulator, emulator
from tests.region.health.appsync import AppSync

__all__ = ["at_emulator", "emulator"]


@pytest.fixture
def appsync() -> Iterator[AppSync]:
    here = AppSync()
    yield here
    here.stop()
