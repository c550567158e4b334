from concurrent.futures import ThreadPoolExecutor

import pytest

from ops.verify.site import Site, UntoldError, values
from tests.ops.conftest import unreachable


@pytest.fixture
def site() -> Site:
    return Site(unreachable({"apis": {"ireland": {"id": "a"}}, "regions": {"a": "r1", "b": "r2"}, "drained": ["b"]}))


def test_what_many_ask_for_is_read_once(site: Site):
    reads: list[int] = []

    def read() -> int:
        reads.append(1)
        return len(reads)

    with ThreadPoolExecutor(8) as pool:
        assert {each.result() for each in [pool.submit(site.once, "it", read) for _ in range(40)]} == {1}


def test_a_reading_that_fails_fails_for_all_who_asked(site: Site):
    def read() -> int:
        raise OSError("refused")

    for _ in range(2):
        with pytest.raises(OSError, match="refused"):
            site.once("it", read)


def test_what_the_deployment_does_not_tell_is_named_by_its_output(site: Site):
    assert site.told("apis", "ireland", "id") == "a"
    with pytest.raises(UntoldError, match=r"^apis$"):
        site.told("apis", "sydney", "id")


def test_a_drained_region_serves_nobody(site: Site):
    assert site.serving == ["a"]


def test_values_are_compared_without_case_and_final_dot():
    assert values({"ResourceRecords": [{"Value": "B.example.com."}, {"Value": "a"}]}) == ["a", "b.example.com"]
    assert values({"AliasTarget": {"DNSName": "D1.cloudfront.net."}}) == ["d1.cloudfront.net"]
