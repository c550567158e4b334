"""The three rules of the design, through the real engine: `up` stops at the preview and makes nothing."""

from contextlib import ExitStack

import pytest

from tests.end_to_end.checkout import Checkout

pytestmark = pytest.mark.end_to_end

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


MISTAKES = [
    (
        "components/global_edge.py",
        '"cache_policy_id": CACHING_DISABLED',
        f'"cache_policy_id": "{CACHING_OPTIMIZED}"',
        [CACHING_OPTIMIZED, "CachingDisabled", "edge-distribution"],
    ),
    (
        "components/global_edge.py",
        '"origin_request_policy_id": ALL_VIEWER,',
        "",
        ["AllViewer", "edge-distribution"],
    ),
    (
        "components/wildcard_certificate.py",
        "subject_alternative_names=[",
        "subject_alternative_names=[] and [",
        ["*.example.localhost", "edge-distribution"],
    ),
]


def test_up_stops_at_the_preview_for_each_of_them_and_makes_nothing(checkout: Checkout):
    with ExitStack() as mistakes:
        for path, old, new, _ in MISTAKES:
            mistakes.enter_context(checkout.edited(path, old, new))
        result = checkout.run("up")

    assert result.returncode == 1
    for *_, said in MISTAKES:
        for text in said:
            assert text in result.stderr
    assert "Traceback" not in result.stderr
    assert checkout.resources() == []
