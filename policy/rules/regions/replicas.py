from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_policy import Severity

from ..shared.global_tables import is_replicated, separate_replicas
from ..shared.kinds import FUNCTION, TABLE
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.rule import About, Subject, of_each, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.deployment import Deployment, deployments, place_of


@dataclass(frozen=True)
class _Shared:
    """A table that the regions of a deployment share."""

    deployment: Deployment
    table: Resource


def _shared_tables(deployment: Deployment) -> Iterator[Subject[_Shared] | Undecided]:
    for table in deployment.stack.of(TABLE):
        try:
            if is_replicated(table) or _is_used_elsewhere(table, deployment):
                yield Subject(table, _Shared(deployment, table))
        except NotKnownError as error:
            yield Undecided(table, f"{error.place} is not known yet.")


def _is_used_elsewhere(table: Resource, deployment: Deployment) -> bool:
    """Whether functions of another region are told the table's name, and no table of that name is in theirs."""
    name, place = table.peek("name"), place_of(table)
    if not isinstance(name, str):
        return False
    there = {place_of(each) for each in table.stack.of(TABLE) if each.peek("name") == name}
    return any(
        deployment.meant_for(function) and deployment.lies_in(function) not in {place, *there}
        for function in table.stack.of(FUNCTION)
        if name in _environment(function)
    )


def _environment(function: Resource) -> list[object]:
    environment = function.peek("environment")
    variables = environment.get("variables") if isinstance(environment, dict) else None
    return list(variables.values()) if isinstance(variables, dict) else []


def _judge(shared: _Shared) -> Iterator[Verdict]:
    table = shared.table
    places = [place_of(table)]
    places += [replica.read("regionName") for replica in table.each("replicas")]
    places += [place_of(replica) for replica in separate_replicas(table)]
    if UNKNOWN in places:
        raise NotKnownError("replicas")
    missing = [region for region in shared.deployment.regions if region.name not in places]
    if missing:
        yield Violation(
            table,
            f"its rows are in {', '.join(sorted(map(str, places)))} and not in {' and '.join(map(str, missing))}, "
            "whose API finds no table of this name.",
            f"Add a replica for {' and '.join(repr(region.name) for region in missing)} to the table's replicas.",
            "replicas",
        )


RULE = stack_rule(
    About(
        name="regions-replicas",
        title="Every region has its replica of every table",
        description="A table that the regions share must have a replica in each of them, or its home there.",
        fix="List in the table's `replicas` every region of the deployment but the table's own.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
        severity=Severity.CRITICAL,
    ),
    of_each(deployments, _shared_tables),
    _judge,
)
