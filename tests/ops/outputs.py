"""What a stack of two regions tells of itself, as far as operations go by it."""

from typing import Any

from tests.ops import api as apis

ACCOUNT = "000000000000"
REGIONS = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
ROUTER = "edge-router-function-0123456"
VERSION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{ROUTER}:1"
OUTPUTS: dict[str, Any] = {
    "alarms": {key: {"errors": f"example.com-{key}-errors"} for key in REGIONS},
    "apis": {key: {"id": f"{key}-api", "url": f"https://{key}.example/graphql"} for key in REGIONS},
    "canaryTable": "example.com.antipodes-canary",
    "data": "replicated",
    "dials": {},
    "distributionId": "E1",
    "domain": "example.com",
    "drained": [],
    "edgeRouter": {"function": ROUTER, "version": VERSION},
    "failover": {"mode": "default", "interval": 10, "threshold": 3, "ttl": 60, "seconds": 100},
    "fanOut": {
        key: {
            "function": f"{key}-fan-out-publish-function-0123456",
            "deadLetters": f"https://sqs.{region}.amazonaws.com/{ACCOUNT}/{key}-letters-0123456",
        }
        for key, region in REGIONS.items()
    },
    "functions": {
        key: {kind: f"{key}-{kind}-function-0123456" for kind in ("authorizer", "resolvers", "health")}
        for key in REGIONS
    },
    "health": {key: f"https://{key}.lambda-url.example/" for key in REGIONS},
    "healthChecks": {
        key: {
            "combined": f"{key}-all",
            "endpoint": f"{key}-own",
            "drain": {holder: f"{key}-at-{holder}" for holder in REGIONS if holder != key},
            "alarms": {"errors": f"{key}-errors"},
        }
        for key in REGIONS
    },
    "home": "ireland",
    "hosts": {key: f"{key}-appsync.example.com" for key in REGIONS},
    "latencyRecord": "latency-routing.example.com",
    "regions": REGIONS,
    "router": "lambda",
    "subscribers": {"mutation": apis.MOVE, "subscriptions": list(apis.FIELDS)},
    "tables": {"events": "example.com.events"},
    "tokenSecret": {"name": "antipodes/example.com/token", "region": "us-east-1"},
    "topics": {key: f"arn:aws:sns:{region}:{ACCOUNT}:topic" for key, region in REGIONS.items()},
    "url": "https://global-api.example.com/graphql",
    "zoneId": "Z1",
}
BY_FUNCTION = {name: value for name, value in OUTPUTS.items() if name not in ("edgeRouter", "healthChecks", "failover")}
BY_FUNCTION["router"] = "function"
"""Of a stack whose router is a CloudFront Function."""
