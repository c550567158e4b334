from typing import Any

import pytest

from ops import verify as package
from ops.reach import UnreachableError
from ops.verify import explained, verify
from ops.verify.finding import Fault, Finding
from ops.verify.link import Link
from ops.verify.site import Site
from tests.ops.conftest import unreachable

OUTPUTS: dict[str, Any] = {
    "url": "https://global-api.example.com/graphql",
    "data": "regional",
    "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
    "hosts": {"ireland": "i.example.com", "sydney": "s.example.com"},
    "tokenSecret": {"name": "t", "region": "us-east-1"},
    "fanOut": {"ireland": {"function": "f", "deadLetters": "q"}, "sydney": {"function": "f", "deadLetters": "q"}},
    "tables": {"events": "example.com.events"},
    "distributionId": "E1",
    "zoneId": "Z1",
    "latencyRecord": "latency-routing.example.com",
}


def finding(link: str, region: str | None, *, unknown: bool = False) -> Finding:
    return Finding(link, region, "seen", "remedy", unknown=unknown)


def test_of_a_stack_of_which_nothing_answers_every_link_is_told_and_none_ends_in_a_traceback():
    verified = verify(unreachable(OUTPUTS))

    assert {each.link for each in verified.links} - {"edge store"} == {each.link for each in verified.findings}
    assert all(each.remedy for each in verified.findings)


def test_a_fault_follows_from_a_link_before_it_in_its_own_region_or_without_one():
    after = {"requests": ("tables", "name"), "tables": (), "name": ()}
    found = [finding("requests", "sydney"), finding("tables", "ireland"), finding("name", None)]

    assert [each.follows for each in explained(found, after)] == [("name",), (), ()]


def test_a_fault_of_no_region_follows_from_those_of_any():
    after: dict[str, tuple[str, ...]] = {"requests": ("tables",), "tables": ()}
    found = [finding("requests", None), finding("tables", "ireland"), finding("tables", "sydney")]

    assert explained(found, after)[0].follows == ("tables",)


def test_what_is_not_known_explains_nothing():
    after: dict[str, tuple[str, ...]] = {"requests": ("tables",), "tables": ()}

    assert explained([finding("requests", None), finding("tables", None, unknown=True)], after)[0].follows == ()


def test_links_that_follow_from_others_name_links_that_there_are():
    names = {link.name for link in package.LINKS}

    assert {name for link in package.LINKS for name in link.after} <= names


def test_a_link_that_cannot_be_read_in_one_region_is_judged_in_the_other(monkeypatch: pytest.MonkeyPatch):
    def check(_: Site, key: str) -> list[Fault]:
        if key == "sydney":
            raise UnreachableError("s.example.com", "nobody there")
        return [Fault("broken", "mend it")]

    monkeypatch.setattr(package, "LINKS", (Link("a", "good", in_region=check),))

    found = {(each.region, each.seen) for each in verify(unreachable(OUTPUTS)).findings}

    assert found == {("ireland", "broken"), ("sydney", "cannot be read: s.example.com: nobody there")}
