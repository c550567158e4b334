"""What each region says of its own health, and whether anybody may ask it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ops.reach import Answer
from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.permissions import function_policy, statements
from ops.verify.site import Site, listed

_OK = 200
_FORGOTTEN = 4.0  # seconds, in which a health endpoint looks anew
_AGREE = "Run antipodes drain or antipodes restore again: each writes what it was told to every region in reach."
_REMEDIES = {
    "tables": "See tables.",
    "canary": "See tables: the canary table is one of them.",
    "api": "See authorizer, token, and antipodes logs.",
    "stream": "The fan-out is minutes behind: see fan-out, dead letters, and antipodes logs.",
}


def judge_answer(key: str, answer: Answer) -> Iterator[Fault]:
    """The answer of the region `key` to `GET /`."""
    said = answer.json()
    if not isinstance(said, Mapping) or "parts" not in said:
        yield Fault(f"its health endpoint answers HTTP {answer.status}, and nothing of its parts")
        return
    if said.get("region") != key:
        yield Fault(f"its health endpoint speaks for {said.get('region')}")
    if answer.status != _OK or said.get("status") != "healthy":
        bad = {part: state for part, state in said["parts"].items() if state not in ("ok", "unknown")}
        told = ", ".join(f"{part} {state}" for part, state in sorted(bad.items())) or said.get("status")
        yield Fault(
            f"it says HTTP {answer.status}: {told}. Route 53 sends it no viewers",
            " ".join(_REMEDIES.get(part, f"See {part}.") for part in sorted(bad)) or "See antipodes logs.",
        )


def judge_policy(name: str, policy: Mapping[str, Any]) -> Iterator[Fault]:
    """Both permissions that a function URL of authentication NONE needs ("Control access to Lambda function URLs" in
    the AWS Lambda Developer Guide).
    """
    open_ = {
        action
        for statement in statements(policy)
        if statement.get("Effect") == "Allow" and statement.get("Principal") in ("*", {"AWS": "*"})
        for action in _listed(statement.get("Action"))
    }
    if missing := {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} - open_:
        yield Fault(f"the policy of {name} lets nobody {listed(missing)}: Route 53's checkers are refused")


def judge_drains(key: str, said: Mapping[str, bool | None]) -> Iterator[Fault]:
    """`said` maps each region that holds drains of `key` to whether it says that it is drained."""
    known = {holder: drained for holder, drained in said.items() if drained is not None}
    if len(set(known.values())) > 1:
        drained = [holder for holder, each in known.items() if each]
        others = [holder for holder, each in known.items() if not each]
        yield Fault(f"{listed(drained)} says that {key} is drained, and {listed(others)} that it is not", _AGREE)


def _listed(action: Any) -> Sequence[str]:
    return [action] if isinstance(action, str) else list(action or ())


def _check(site: Site, key: str) -> Iterator[Fault]:
    url, name = site.told("health", key), site.told("functions", key, "health")
    closed = list(judge_policy(name, function_policy(site.client("lambda", site.region(key)), name)))
    yield from closed
    faults = list(judge_answer(key, site.reach.send("GET", url)))
    if faults and not closed:
        # One bad answer is none for Route 53 either; and what was found out is told again until it is forgotten.
        site.pace.sleep(_FORGOTTEN)
        faults = list(judge_answer(key, site.reach.send("GET", url)))
    yield from faults
    holders = site.outputs.get("healthChecks", {}).get(key, {}).get("drain", {})
    yield from judge_drains(key, {holder: _drained(site, holder, key) for holder in holders})


def _drained(site: Site, holder: str, key: str) -> bool | None:
    """None where the holder does not say; that is its own region's fault, and told as that."""
    try:
        said = site.reach.send("GET", f"{site.told('health', holder)}drain/{key}").json()
    except Exception:  # noqa: BLE001 - see above
        return None
    return bool(said["drained"]) if isinstance(said, Mapping) and "drained" in said else None


LINK = Link(
    "health",
    "every region answers that it is healthy, to anyone, and they agree on who is drained",
    in_region=_check,
    after=("tables", "authorizer", "token", "fan-out"),
)
