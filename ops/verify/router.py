"""The Lambda@Edge function that picks each request's region: attached, published, and of this deployment."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.verify.finding import Fault
from ops.verify.functions import judge_state
from ops.verify.link import Link
from ops.verify.site import GLOBAL_REGION, Site, items, listed

_ROUTES = "routes.json"
_RUN_BY = {"lambda.amazonaws.com", "edgelambda.amazonaws.com"}
_ATTACH = "Run antipodes refresh, then antipodes up: it attaches the router to the distribution again."
_BAKE = "Run antipodes refresh, then antipodes up: it publishes the router with this stack's table and attaches it."


@dataclass(frozen=True)
class Router:
    """The version that the distribution calls: Lambda's description of it, its role's trust, and its baked table."""

    configuration: Mapping[str, Any]
    trust: Mapping[str, Any]
    routes: Mapping[str, Any] | None


def judge_association(associations: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    routers = [each for each in associations if _is_router(each)]
    if not routers:
        yield Fault("the distribution calls no function on origin-request: requests go to the default origin", _ATTACH)
    for each in routers:
        arn = each["LambdaFunctionARN"]
        if not arn.rpartition(":")[2].isdigit():
            yield Fault(f"{arn} names no published version, and CloudFront runs nothing else", _ATTACH)
        if each.get("IncludeBody"):
            yield Fault("the router is given request bodies, of which CloudFront cuts off what is over 1 MB", _ATTACH)


def judge_router(router: Router, outputs: Mapping[str, Any]) -> Iterator[Fault]:
    """Whether it can run, and sends requests where the stack's outputs say that its regions are."""
    name = router.configuration["FunctionName"]
    yield from judge_state(router.configuration)
    if missing := _RUN_BY - set(trusted(router.trust)):
        yield Fault(f"the role of {name} does not trust {listed(missing)}, and so cannot run at the edge")
    if router.routes is None:
        yield Fault(f"the code of {name} holds no {_ROUTES}", _BAKE)
        return
    yield from (Fault(f"the router's table is not this stack's: {each}", _BAKE) for each in _stale(router, outputs))


def _stale(router: Router, outputs: Mapping[str, Any]) -> Iterator[str]:
    routes = router.routes or {}
    if routes.get("record") != outputs["latencyRecord"]:
        yield f"it asks for {routes.get('record')}, not for {outputs['latencyRecord']}"
    if (key := routes.get("writes")) != outputs.get("writes"):
        yield f"it sends writes to {key or 'any region'}, and the stack to {outputs.get('writes') or 'any region'}"
    baked, expected = routes.get("regions", {}), expected_regions(outputs)
    for key in sorted(baked.keys() | expected.keys()):
        if key not in expected:
            yield f"it has {key}, which takes no requests"
        elif _without_liveness(baked.get(key)) != expected[key]:
            yield f"it has {_told(baked.get(key))} for {key}, which is {_told(expected[key])}"


def expected_regions(outputs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the router's table says of each region that takes requests."""
    dials = outputs.get("dials", {})
    return {
        key: {
            "host": outputs["hosts"][key],
            "region": region,
            **({"dial": dials[key]} if key in dials else {}),
        }
        for key, region in outputs["regions"].items()
        if key not in outputs.get("drained", ())
    }


def trusted(document: Mapping[str, Any]) -> Iterator[str]:
    """The services that a trust policy lets assume its role."""
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        principal = statement.get("Principal", {})
        if statement.get("Effect") == "Allow" and isinstance(principal, Mapping):
            services = principal.get("Service", [])
            yield from [services] if isinstance(services, str) else services


def _without_liveness(route: Mapping[str, Any] | None) -> dict[str, Any]:
    """Without the name of the record by which the router knows that the region lives, which some stacks have."""
    return {name: value for name, value in (route or {}).items() if name != "alive"}


def _told(route: Mapping[str, Any] | None) -> str:
    return " ".join(f"{name} {value}" for name, value in sorted(route.items())) if route else "nothing"


def _check(site: Site) -> Iterator[Fault]:
    yield from judge_association(_associations(site))
    if any(_is_router(each) for each in _associations(site)):
        yield from judge_router(deployed(site), site.outputs)


def deployed(site: Site) -> Router:
    """The router that the distribution calls.

    Raises:
        OSError: it calls none.
    """
    return site.once("router", lambda: _read(site))


def _read(site: Site) -> Router:
    arn = next((each["LambdaFunctionARN"] for each in _associations(site) if _is_router(each)), None)
    if arn is None:
        raise OSError("the distribution calls no router")
    found = site.client("lambda", GLOBAL_REGION).get_function(FunctionName=arn)
    role = found["Configuration"]["Role"].rpartition("/")[2]
    trust = site.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    return Router(found["Configuration"], trust, baked_table(site.download(found["Code"]["Location"])))


def _associations(site: Site) -> list[Any]:
    behavior = site.distribution()["DistributionConfig"]["DefaultCacheBehavior"]
    return items(behavior.get("LambdaFunctionAssociations"))


def _is_router(association: Mapping[str, Any]) -> bool:
    return bool(association["EventType"] == "origin-request")


def baked_table(package: bytes) -> Mapping[str, Any] | None:
    """The table in a router's package; None where there is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            table = json.loads(archive.read(_ROUTES))
    except (zipfile.BadZipFile, KeyError, ValueError):
        return None
    return table if isinstance(table, Mapping) else None


LINK = Link(
    "router",
    "runs at the edge, published, with exactly this stack's regions",
    once=_check,
    applies=lambda site: site.outputs.get("router") != "function",
)
