from typing import Any

import dns.name
import pytest
from dns.rdatatype import RdataType

from sandbox.dns.zones import UnsupportedRecordError, Zones, build_zone
from tests.sandbox.dns.embedded_dns import record_set

SOA = record_set("example.com.", "SOA", "ns-1.awsdns-1.com. hostmaster.awsdns-1.com. 1 7200 900 1209600 86400")


def name(text: str) -> dns.name.Name:
    return dns.name.from_text(text)


def test_values_are_fully_qualified_with_or_without_a_trailing_dot():
    zone = build_zone("example.com.", [SOA, record_set("a.example.com.", "CNAME", "ireland")])

    [variant] = zone.nodes[name("a.example.com")][RdataType.CNAME]
    assert variant.data[0].target == name("ireland.")


def test_octal_escapes_are_route_53s_way_to_write_a_wildcard():
    zone = build_zone("example.com.", [SOA, record_set("\\052.example.com.", "A", "192.0.2.1")])

    assert zone.at(name("any.example.com"))


def test_a_wildcard_stands_only_for_names_that_do_not_exist():
    zone = build_zone(
        "example.com.",
        [
            SOA,
            record_set("*.example.com.", "A", "192.0.2.1"),
            record_set("deep.below.example.com.", "A", "192.0.2.2"),
        ],
    )

    assert zone.at(name("a.b.example.com"))
    assert zone.at(name("below.example.com")) == {}, "it exists, without records of its own"
    assert zone.at(name("other.below.example.com")) is None, "the wildcard does not reach below a name that exists"


def test_the_most_specific_zone_holds_a_name():
    parent, child = build_zone("example.com.", [SOA]), build_zone("dev.example.com.", [])
    zones = Zones({zone.name: zone for zone in (parent, child)})

    assert zones.holding(name("api.dev.example.com")) is child
    assert zones.holding(name("mydev.example.com")) is parent
    assert zones.holding(name("example.org")) is None


@pytest.mark.parametrize(
    ("unsupported", "feature"),
    [
        ({"Weight": 10, "SetIdentifier": "x"}, "Weight"),
        ({"SetIdentifier": "x"}, "SetIdentifier without Region or Failover"),
        ({"Region": "eu-west-1"}, "Region"),
        ({"Region": "eu-west-1", "Failover": "PRIMARY", "SetIdentifier": "x"}, "Failover, Region"),
        ({"MultiValueAnswer": True, "SetIdentifier": "x", "HealthCheckId": "h"}, "MultiValueAnswer"),
    ],
)
def test_a_feature_that_is_not_answered_is_named(unsupported: dict[str, Any], feature: str):
    with pytest.raises(UnsupportedRecordError, match=rf"a\.example\.com\. A uses {feature}"):
        build_zone("example.com.", [SOA, {**record_set("a.example.com.", "A", "192.0.2.1"), **unsupported}])
