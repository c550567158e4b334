from typing import Any

from ops.verify.global_name import judge_name, judge_zone

HOST, TARGET = "global-api.example.com", "d1.cloudfront.net"
CNAME = {"Name": f"{HOST}.", "Type": "CNAME", "ResourceRecords": [{"Value": "D1.cloudfront.net."}]}
SERVERS = ["ns-1.awsdns-1.com.", "ns-2.awsdns-2.net."]


def seen(records: list[dict[str, Any]], answered: list[str]) -> list[str]:
    return [fault.seen for fault in judge_name(HOST, TARGET, records, answered)]


def test_a_cname_to_the_distribution_is_good_whatever_its_case_and_final_dot():
    assert seen([CNAME], [TARGET]) == []


def test_an_alias_to_the_distribution_is_good_and_leaves_no_cname_in_dns():
    alias = {"Name": f"{HOST}.", "Type": "A", "AliasTarget": {"DNSName": "d1.cloudfront.net."}}

    assert seen([alias], []) == []


def test_dns_that_says_something_else_than_the_zone_is_told():
    assert seen([CNAME], ["d2.cloudfront.net"]) == [
        f"public DNS answers d2.cloudfront.net for {HOST}, and the zone says {TARGET}"
    ]


def test_a_name_without_a_record_is_told_once():
    assert seen([], []) == [f"the zone has no record {HOST}"]


def test_a_zone_that_its_own_servers_serve_is_good_in_any_order():
    assert list(judge_zone("example.com", SERVERS, ["ns-2.awsdns-2.net", "ns-1.awsdns-1.com"])) == []


def test_a_zone_that_nobody_delegates_to_says_which_records_to_set():
    [fault] = judge_zone("example.com", SERVERS, [])

    assert "public DNS says that example.com is served by nothing" in fault.seen
    assert fault.remedy.endswith("set its NS records to ns-1.awsdns-1.com, ns-2.awsdns-2.net.")
