"""Tests that go by the clock of this machine."""

import pytest

by_the_clock = pytest.mark.flaky(reruns=2)
"""For limits of a fraction of a second: a busy machine may hold a test up once, and what is too slow by itself is so
each time."""
