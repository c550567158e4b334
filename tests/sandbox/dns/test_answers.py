import dns.name
import pytest
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from geography import REGIONAL_EDGE_CACHES, city_of_region
from sandbox.dns.answers import Answer, resolve
from sandbox.dns.zones import Zones, build_zone
from tests.sandbox.dns.embedded_dns import record_set

NAME_SERVER = "ns-1.awsdns-1.co.uk"
SOA = "ns-1.awsdns-1.com. hostmaster.awsdns-1.com. 1 7200 900 1209600 86400"
LATENCY = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "virginia": "us-east-1"}
EXAMPLE = build_zone(
    "example.com.",
    [
        record_set("example.com.", "SOA", SOA, ttl=900),
        record_set("example.com.", "NS", NAME_SERVER, ttl=172_800),
        record_set("global-api.example.com.", "CNAME", "d111.cloudfront.net", ttl=300),
        record_set("www.example.com.", "CNAME", "address.example.com", ttl=20),
        record_set("address.example.com.", "A", "192.0.2.1", "192.0.2.2"),
        record_set("abroad.example.com.", "CNAME", "www.example.org"),
        record_set("ring.example.com.", "CNAME", "ring.example.com"),
        record_set("*.wild.example.com.", "CNAME", "address.example.com"),
        *(
            record_set("latency-routing.example.com.", "CNAME", key, Region=region, SetIdentifier=key)
            for key, region in LATENCY.items()
        ),
        *(
            record_set("twins.example.com.", "CNAME", key, Region="eu-west-1", SetIdentifier=key)
            for key in ("second", "first")
        ),
        *(
            record_set("checked.example.com.", "CNAME", key, Region=region, SetIdentifier=key, HealthCheckId=key)
            for key, region in LATENCY.items()
        ),
        record_set(
            "half.example.com.", "CNAME", "ireland", Region="eu-west-1", SetIdentifier="i", HealthCheckId="ireland"
        ),
        record_set("half.example.com.", "CNAME", "sydney", Region="ap-southeast-2", SetIdentifier="s"),
        record_set("single.example.com.", "CNAME", "ireland", HealthCheckId="ireland"),
        *(
            record_set("failover.example.com.", "CNAME", key, SetIdentifier=key, Failover=role, HealthCheckId=key)
            for key, role in (("sydney", "PRIMARY"), ("ireland", "SECONDARY"))
        ),
        record_set(
            "spare.example.com.", "CNAME", "sydney", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="sydney"
        ),
        record_set("spare.example.com.", "CNAME", "ireland", SetIdentifier="s", Failover="SECONDARY"),
    ],
)
ELSEWHERE = build_zone("example.org.", [record_set("example.org.", "SOA", SOA)])
ZONES = Zones({zone.name: zone for zone in (EXAMPLE, ELSEWHERE)})


def ask(name: str, kind: str, region: str = "eu-west-2", *, sick: str = "") -> Answer:
    """The answer while the health checks that `sick` names are unhealthy."""
    place = city_of_region(region)
    return resolve(ZONES, dns.name.from_text(name), RdataType.from_text(kind), place, lambda id_: id_ not in sick)


def target(name: str, *, sick: str) -> str:
    """The key that a name leads to, seen from London."""
    [line] = lines(ask(f"{name}.example.com", "CNAME", sick=sick))
    return line.rpartition(" ")[2].rstrip(".")


def lines(answer: Answer) -> list[str]:
    return [line for rrset in answer.answer for line in rrset.to_text().splitlines()]


@pytest.mark.parametrize("region", REGIONAL_EDGE_CACHES)
def test_a_latency_record_names_the_region_nearest_to_where_it_is_asked(region: str):
    rtt = city_of_region(region).rtt
    nearest = min(LATENCY, key=lambda key: rtt[LATENCY[key]])

    assert lines(ask("latency-routing.example.com", "CNAME", region)) == [
        f"latency-routing.example.com. 60 IN CNAME {nearest}."
    ]


def test_of_equally_near_latency_records_the_first_by_set_identifier_answers():
    assert lines(ask("twins.example.com", "CNAME")) == ["twins.example.com. 60 IN CNAME first."]


@pytest.mark.parametrize(
    ("sick", "key"),
    [
        ("", "ireland"),
        ("sydney virginia", "ireland"),
        ("ireland", "virginia"),
        ("ireland virginia", "sydney"),
        ("ireland sydney virginia", "ireland"),
    ],
    ids=["none", "others", "the nearest", "the two nearest", "all, which then count as healthy"],
)
def test_of_latency_records_the_nearest_that_is_healthy_answers(sick: str, key: str):
    assert target("checked", sick=sick) == key


def test_a_record_without_a_health_check_is_always_healthy():
    assert target("half", sick="") == "ireland"
    assert target("half", sick="ireland sydney") == "sydney"


def test_a_single_record_answers_whatever_its_health():
    assert target("single", sick="ireland") == "ireland"


@pytest.mark.parametrize(
    ("sick", "key"),
    [("", "sydney"), ("ireland", "sydney"), ("sydney", "ireland"), ("ireland sydney", "sydney")],
    ids=["none", "the secondary", "the primary", "both, which then count as healthy"],
)
def test_of_failover_records_the_secondary_answers_while_the_primary_alone_is_unhealthy(sick: str, key: str):
    assert target("failover", sick=sick) == key


def test_a_secondary_without_a_health_check_stands_in_whenever_the_primary_is_unhealthy():
    assert [target("spare", sick=sick) for sick in ("", "sydney", "sydney ireland")] == ["sydney", "ireland", "ireland"]


def test_a_function_url_is_on_this_machine():
    assert lines(ask("abc.lambda-url.eu-west-1.on.aws", "A")) == ["abc.lambda-url.eu-west-1.on.aws. 60 IN A 127.0.0.1"]


def test_an_address_query_follows_the_latency_record_into_nothing():
    """Why the router cannot use the socket module."""
    answer = ask("latency-routing.example.com", "A")

    assert answer.code == Rcode.NXDOMAIN
    assert lines(answer) == ["latency-routing.example.com. 60 IN CNAME ireland."]


def test_a_cname_is_followed_with_each_records_own_ttl():
    assert lines(ask("www.example.com", "A")) == [
        "www.example.com. 20 IN CNAME address.example.com.",
        "address.example.com. 60 IN A 192.0.2.1",
        "address.example.com. 60 IN A 192.0.2.2",
    ]


def test_a_question_for_the_cname_is_not_followed():
    assert lines(ask("www.example.com", "CNAME")) == ["www.example.com. 20 IN CNAME address.example.com."]


def test_a_host_of_aws_is_on_this_machine():
    assert lines(ask("global-api.example.com", "A")) == [
        "global-api.example.com. 300 IN CNAME d111.cloudfront.net.",
        "d111.cloudfront.net. 60 IN A 127.0.0.1",
    ]
    assert ask("abc.appsync-api.eu-west-1.amazonaws.com", "A").code == Rcode.NOERROR


def test_a_host_of_aws_has_no_other_records():
    answer = ask("d111.cloudfront.net", "AAAA")

    assert (answer.code, lines(answer)) == (Rcode.NOERROR, [])
    assert answer.authority


def test_a_zones_name_servers_are_on_this_machine():
    assert lines(ask("example.com", "NS")) == [f"example.com. 172800 IN NS {NAME_SERVER}."]
    assert lines(ask(NAME_SERVER, "A")) == [f"{NAME_SERVER}. 60 IN A 127.0.0.1"]
    assert ask(NAME_SERVER, "AAAA").code == Rcode.NOERROR
    assert ask("ns-2.awsdns-1.co.uk", "A").code == Rcode.NXDOMAIN


def test_a_name_in_another_case_is_the_same_name():
    assert lines(ask("ADDRESS.Example.COM", "A"))[0].endswith("192.0.2.1")


def test_a_wildcard_answers_under_the_name_that_was_asked():
    assert lines(ask("any.wild.example.com", "CNAME")) == ["any.wild.example.com. 60 IN CNAME address.example.com."]


def test_a_name_without_the_type_asked_is_no_data():
    answer = ask("address.example.com", "AAAA")

    assert (answer.code, lines(answer)) == (Rcode.NOERROR, [])
    assert answer.authority[0].to_text().startswith("example.com. 900 IN SOA")


def test_a_name_above_others_exists_without_records():
    assert ask("wild.example.com", "A").code == Rcode.NOERROR


@pytest.mark.parametrize("name", ["nothing.example.com", "www.example.org", "example.net"])
def test_an_unknown_name_is_an_error_with_the_soa_that_says_so(name: str):
    answer = ask(name, "A")

    assert answer.code == Rcode.NXDOMAIN
    assert answer.authority[0].rdtype == RdataType.SOA


def test_a_chain_leads_from_zone_to_zone_and_ends_in_the_last_ones_error():
    answer = ask("abroad.example.com", "A")

    assert answer.code == Rcode.NXDOMAIN
    assert lines(answer) == ["abroad.example.com. 60 IN CNAME www.example.org."]
    assert answer.authority[0].name == dns.name.from_text("example.org")


def test_a_chain_that_never_ends_is_a_server_failure():
    assert ask("ring.example.com", "A").code == Rcode.SERVFAIL
