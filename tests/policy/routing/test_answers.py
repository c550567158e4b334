"""Which latency records are the router's, where its table can be seen and where it cannot."""

import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from tests.policy.edge.stacks import Shape, function, latency
from tests.policy.routing.conftest import Judge
from tests.policy.routing.stacks import seen, unseen

NO_CHECKS = ("routing-health-check", "advisory")
NO_TABLE = ("routing-keys-in-table", "undecided")


def test_a_design_whose_table_can_be_seen_lacks_health_checks_alone(judge: Judge, shape: Shape):
    assert judge(seen(), shape) == {NO_CHECKS}


def test_where_the_table_lies_in_files_its_keys_are_said_to_be_unseen(judge: Judge, shape: Shape):
    assert judge(unseen(), shape) == {NO_CHECKS, NO_TABLE}


def test_where_the_table_is_written_in_the_code_its_keys_are_seen_there(judge: Judge, shape: Shape):
    stack = unseen()
    asks = "dns.resolveCname('latency-routing.example.com'); request.origin.custom.domainName = HOSTS[key];"
    stack["router"] = function(index_js=f"const HOSTS = {{ireland: 'a.example.com', sydney: 'b.example.com'}}; {asks}")
    assert judge(stack, shape) == {NO_CHECKS}

    stack["latency-sydney"].inputs["records"] = ["melbourne"]
    assert judge(stack, shape) == {NO_CHECKS, NO_TABLE}


@pytest.mark.parametrize("value", ["https://sydney.example.com/graphql", "sydney.example.com"])
def test_an_address_among_keys_is_found_without_the_table(judge: Judge, shape: Shape, value: str):
    stack = unseen()
    stack["latency-sydney"].inputs["records"] = [value]

    assert judge(stack, shape) == {NO_CHECKS, NO_TABLE, ("routing-keys-not-urls", "mandatory")}


def test_a_record_of_another_name_is_found_without_the_table(judge: Judge, shape: Shape):
    stack = unseen()
    stack["latency-tokyo"] = latency("tokyo", "ap-northeast-1")
    stack["latency-tokyo"].inputs["name"] = "latency.example.com"

    assert judge(stack, shape) == {NO_CHECKS, NO_TABLE, ("routing-one-name", "mandatory")}


def test_a_name_with_its_region_is_found_without_the_table(judge: Judge, shape: Shape):
    stack = unseen()
    stack["latency-sydney"].inputs["name"] = "latency-sydney.example.com"

    assert judge(stack, shape) == {NO_CHECKS, NO_TABLE, ("routing-name-not-regional", "mandatory")}


def test_latency_records_of_hosts_are_not_the_routers(judge: Judge, shape: Shape):
    stack = unseen()
    for place in ("ireland", "sydney"):
        images = stack[f"images-{place}"] = latency(
            f"{place}.example.net", stack[f"latency-{place}"].inputs["setIdentifier"]
        )
        images.inputs |= {"name": f"images-{place}.example.com", "ttl": 3600}

    assert judge(stack, shape) == {NO_CHECKS, NO_TABLE}


def test_a_record_is_left_alone_where_its_name_is_exempt(judge: Judge, shape: Shape):
    stack = seen()
    stack["latency-sydney"].inputs["ttl"] = 300

    assert judge(stack, shape) == {NO_CHECKS, ("routing-ttl", "mandatory")}
    assert judge(stack, shape, {"routing-ttl": {"exempt": ["latency-sydney"]}}) == {NO_CHECKS}


def test_where_the_latency_records_are_another_stacks_that_is_said(judge: Judge):
    stack = seen()
    for name in ("latency-ireland", "latency-sydney", "ireland", "sydney", "global"):
        del stack[name]

    assert judge(stack) == {
        (rule, "undecided")
        for rule in ("routing-keys-in-table", "routing-hosts", "routing-host-records", "routing-global-record")
    }


def test_where_the_code_is_not_known_yet_the_records_are_judged_by_what_they_show(judge: Judge):
    stack = seen()
    stack["router"].inputs["code"] = UNKNOWN_STRING_VALUE
    stack["latency-sydney"].inputs["ttl"] = 300

    said = judge(stack)

    assert {NO_CHECKS, NO_TABLE, ("routing-ttl", "mandatory"), ("routing-hosts", "undecided")} <= said
    assert [rule for rule, level in said if level == "mandatory"] == ["routing-ttl"]
