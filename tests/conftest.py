import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of the code; time is for `make bench`.
settings.register_profile("antipodes", deadline=None)
settings.load_profile("antipodes")

_LONG = ("tests/end_to_end/", "tests/examples/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, so that the short ones fill what is left of each worker's time."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))
