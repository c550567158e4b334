"""The router without Lambda: a CloudFront Function, its own table, and the key value store that it goes by."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.router import expected_regions
from ops.verify.site import Site, items, listed

_TABLE = re.compile(r"^const TABLE = (?P<table>\{.*\});$", re.MULTILINE)
_WHOLE = 100.0


def judge_code(code: str, outputs: Mapping[str, Any]) -> Iterator[Fault]:
    """Whether the function's own table holds the stack's regions."""
    found = _TABLE.search(code)
    baked = json.loads(found["table"]).get("regions", {}) if found else {}
    expected = {
        key: {n: v for n, v in each.items() if n != "region"} for key, each in expected_regions(outputs).items()
    }
    for key in sorted(baked.keys() | expected.keys()):
        if baked.get(key) != expected.get(key):
            yield Fault(f"the function has {baked.get(key, 'nothing')} for {key}, and the stack {expected.get(key)}")


def judge_entries(entries: Mapping[str, str], outputs: Mapping[str, Any]) -> Iterator[Fault]:
    """Whether the store names the regions that take requests, with their dials, and no others.

    Which of them is nearest to a place is not judged.
    """
    expected = expected_regions(outputs)
    named: dict[str, set[float]] = {}
    for order in entries.values():
        for entry in order.split():
            key, _, dial = entry.partition(":")
            named.setdefault(key, set()).add(float(dial or _WHOLE))
    if not entries:
        yield Fault("the store is empty: the function goes by its own table")
    elif missing := expected.keys() - named.keys():
        yield Fault(f"the store names {listed(missing)} for no place: it gets no viewers")
    if extra := named.keys() - expected.keys():
        yield Fault(f"the store names {listed(extra)}, which takes no requests")
    for key in sorted(named.keys() & expected.keys()):
        if named[key] != {whole := float(expected[key].get("dial", _WHOLE))}:
            yield Fault(f"the store has {key} with a dial of {listed(named[key])}, and the stack with {whole:g}")


def _check(site: Site) -> Iterator[Fault]:
    behavior = site.distribution()["DistributionConfig"]["DefaultCacheBehavior"]
    routers = _on_viewer_request(items(behavior.get("FunctionAssociations")))
    if not routers:
        yield Fault("the distribution calls no function on viewer-request: requests go to the default origin")
        return
    cloudfront, name = site.client("cloudfront"), routers[0].rpartition("/")[2]
    config = cloudfront.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]["FunctionConfig"]
    code = cloudfront.get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode()
    yield from judge_code(code, site.outputs)
    stores = [each["KeyValueStoreARN"] for each in items(config.get("KeyValueStoreAssociations"))]
    if not stores:
        yield Fault(f"{name} has no key value store to go by")
        return
    pages = site.client("cloudfront-keyvaluestore").get_paginator("list_keys").paginate(KvsARN=stores[0])
    entries = {item["Key"]: item["Value"] for page in pages for item in page["Items"]}
    yield from judge_entries(entries, site.outputs)


def _on_viewer_request(associations: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["FunctionARN"] for each in associations if each["EventType"] == "viewer-request"]


LINK = Link(
    "edge store",
    "the function and its store name exactly this stack's regions",
    once=_check,
    applies=lambda site: site.outputs.get("router") == "function",
)
