"""Waiting until what the drain switch says has come into force: at its holders, at Route 53's checkers, in DNS."""

from ops import checkers, drain_switch, views
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.journal import Record
from ops.reach import UnreachableError
from ops.waiting import Waiting

_OK = 200


def confirm(deployment: Deployment, key: str, record: Record, *, drained: bool) -> None:
    """Waits until viewers are no longer sent to `key`, or are again; tells each thing that it saw, and what it did not.

    Raises:
        OperationError: DNS did not follow within the stack's failover time.
    """
    wait = Waiting(deployment)
    state = "drained" if drained else "not drained"
    if wait.until(lambda: _is_served(deployment, key, drained=drained)):
        record.step(f"The health endpoints that Route 53's checkers ask say that {key} is {state}.")
    else:
        record.step(
            f"Not confirmed: the health endpoints that Route 53's checkers ask do not say that {key} is {state}."
        )
    try:
        seen = wait.until(lambda: _is_seen(deployment, key, drained=drained))
        record.step(f"{'' if seen else 'Not confirmed: '}Route 53's checkers see that {key} is {state}.")
    except checkers.ApiError as error:
        record.step(f"Not confirmed by Route 53's checkers, as its API does not answer ({error}); DNS tells.")
    _follow(deployment, key, record, wait, drained=drained)


def _follow(deployment: Deployment, key: str, record: Record, wait: Waiting, *, drained: bool) -> None:
    """Waits for DNS."""
    answers: dict[str, str | None] = {}

    def does_dns() -> bool:
        answers.clear()
        answers.update(
            views.named(deployment.outputs["latencyRecord"], deployment.regions, deployment.reach.resolver_in)
        )
        return bool(answers) and (key not in answers.values() if drained else key in answers.values())

    if not wait.until(does_dns):
        raise _not_followed(deployment, key, answers, drained=drained)
    asked, ttl = ", ".join(answers), deployment.told("failover")["ttl"]
    if drained:
        record.step(f"DNS no longer names {key}, asked as in {asked}; who heard it before forgets it within {ttl} s.")
    else:
        record.step(f"DNS names {key} again, asked as in {asked}.")
    if unasked := [other for other in deployment.regions if other not in answers]:
        record.step(f"Not confirmed: what DNS answers as in {', '.join(unasked)}, where nobody answered.")


def _is_served(deployment: Deployment, key: str, *, drained: bool) -> bool:
    """Whether a holder serves that it is drained; or if it is not to be, whether none does that answers."""
    said = [_says_drained(deployment, key, holder) for holder in drain_switch.holders(deployment, key)]
    return any(said) if drained else not any(said)


def _says_drained(deployment: Deployment, key: str, holder: str) -> bool:
    url = f"{deployment.told('health')[holder].rstrip('/')}/drain/{key}"
    try:
        return deployment.reach.send("GET", url, seconds=3.0).status == _OK
    except UnreachableError:
        return False


def _is_seen(deployment: Deployment, key: str, *, drained: bool) -> bool:
    """Whether the checkers of a holder get the answer that it is drained; or of none."""
    checks = deployment.told("healthChecks")[key]["drain"].values()
    seen = [checkers.get_ok(deployment, check) for check in checks]
    return any(seen) if drained else not any(seen)


def _not_followed(deployment: Deployment, key: str, answers: dict[str, str | None], *, drained: bool) -> OperationError:
    record, seconds = deployment.outputs["latencyRecord"], deployment.told("failover")["seconds"]
    if not answers:
        return OperationError(
            f"The switch is written, but nobody answers for {record}, so that it is not known to be in force.",
            "Look at antipodes status when DNS answers; to confirm it, run the same command again.",
        )
    places = ", ".join(place for place, named in answers.items() if named == key) or ", ".join(answers)
    if drained:
        return OperationError(
            f"The switch is written, but after {seconds:g} s DNS still names {key}, asked as in {places}. Route 53 "
            "does so while it takes every region for unhealthy.",
            "See antipodes status; when another region is healthy, run the same command again.",
        )
    return OperationError(
        f"The switch is written, but after {seconds:g} s DNS does not name {key} yet, asked as in {places}. Route 53 "
        "wants its health endpoint to answer well, and none of its alarms to be raised.",
        "See antipodes status; to wait on, run the same command again.",
    )
