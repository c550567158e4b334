"""Small stacks of others: with a router whose table can be seen, and with one whose code lies in files."""

import json
from typing import Any

from tests.policy.edge import stacks
from tests.policy.edge.stacks import RECORD, Given, Ref, Stack

ROUTES = {
    "record": "latency-routing.example.com",
    "regions": {
        "ireland": {"host": "ireland.example.com", "region": "eu-west-1"},
        "sydney": {"host": "sydney.example.com", "region": "ap-southeast-2"},
    },
}


def unseen() -> Stack:
    """With the table in files."""
    return {**stacks.compliant(), "global": record("global-api.example.com", Ref("edge-distribution", "domainName"))}


def seen(routes: Any = None) -> Stack:
    """With `routes.json`, and a load balancer's record for each host."""
    return {
        **unseen(),
        "router": stacks.function(routes_json=json.dumps(routes or ROUTES)),
        "ireland": record("ireland.example.com", "one.eu-west-1.elb.amazonaws.com"),
        "sydney": record("sydney.example.com", "one.ap-southeast-2.elb.amazonaws.com"),
    }


def record(name: str, value: Any) -> Given:
    return Given(RECORD, {"zoneId": "Z1", "name": name, "type": "CNAME", "ttl": 60, "records": [value]})
