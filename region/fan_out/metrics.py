"""A figure for CloudWatch, which it takes from a line of the function's log.

AppSync counts publications among all requests to the API; whoever wants to know those of clients takes them off.

Source: "Specification: Embedded metric format" in the Amazon CloudWatch User Guide.
"""

import json


def line(domain: str, region: str, sent: int, now: float) -> str:
    """The log's line that says that `sent` publications were sent; `now` is in seconds since 1970."""
    metric = {"Name": "Publications", "Unit": "Count"}
    directive = {"Namespace": "Antipodes", "Dimensions": [["Domain", "Region"]], "Metrics": [metric]}
    metadata = {"Timestamp": int(now * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": metadata, "Domain": domain, "Region": region, "Publications": sent})
