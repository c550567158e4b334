"""Changes of config that a running stack cannot follow without losing rows, or a region's requests: refused."""

from collections.abc import Callable, Iterable, Iterator

from cli.changes import Change
from cli.errors import CommandError
from cli.events import Report, Step

_DOMAIN = "aws:appsync/domainName:DomainName"
_TABLE = "aws:dynamodb/table:Table"
_OWNERS = {"antipodes:index:GlobalTable": "replicated", "antipodes:index:RegionalTable": "regional"}
_ELSEWHERE = "To have it otherwise, deploy a stack under another domain, copy the rows there, and take this one down."


def refuse_losses(plan: Report) -> None:
    """Refuses a plan by the first of its changes that cannot be made in place.

    Raises:
        CommandError: it moves a region's key, or takes rows away with the tables that hold them.
    """
    rules: tuple[Callable[[Report], Iterable[str]], ...] = (_moved_keys, _other_data, _other_tables)
    for rule in rules:
        for problem in rule(plan):
            raise CommandError(problem)


def _moved_keys(plan: Report) -> Iterator[str]:
    """A region's host is a name that AWS gives out once in the world (AWS AppSync Developer Guide, "Configuring custom
    domain names"): it has to go in the old region before it can come in the new one.
    """
    for name, change in _changes(plan, _DOMAIN):
        if change.path == "region":
            key = name.removesuffix("-domain")
            yield (
                f"the key {key} would move from {change.old} to {change.new}: requests to it would fail meanwhile, "
                f"and its tables in {change.old} would be lost. Give {change.new} a key of its own and deploy; "
                f"then take {key} out."
            )


def _other_data(plan: Report) -> Iterator[str]:
    """Tables have one name in either kind of data, so that no step keeps their rows for the next."""
    gone, made = (
        {data for step in plan.steps for owner, data in _OWNERS.items() if _is(step, operation, owner)}
        for operation in ("delete", "create")
    )
    for old in gone:
        for new in made - gone:
            yield (
                f"antipodes:data would change from {old} to {new}: the tables would be deleted with their rows, and "
                f"empty ones made. Write antipodes:data: {old} again. {_ELSEWHERE}"
            )


def _is(step: Step, operation: str, owner: str) -> bool:
    return step.operation == operation and f"{owner}${_TABLE}::" in step.urn


def _other_tables(plan: Report) -> Iterator[str]:
    """What DynamoDB changes in no table: where it is, its name and its key, and how its replicas agree."""
    for name, change in _changes(plan, _TABLE):
        if change.path == "region":
            yield (
                f"the tables' home would move from {change.old} to {change.new}: they would be deleted with their rows "
                f"in every region, and empty ones made. Write the key of {change.old} under antipodes:home again, and "
                f"leave it there as long as the stack lives. {_ELSEWHERE}"
            )
        elif change.path == "name":
            yield (
                f"antipodes:domain would change, and the tables are named after it ({change}): they would be deleted "
                f"with their rows, and empty ones made. Write the old domain again. {_ELSEWHERE}"
            )
        elif change.path in {"hashKey", "rangeKey"}:
            table = name.removesuffix("-table")
            yield (
                f"the key of the table {table} would change ({change}): the table would be deleted with its rows, and "
                "an empty one made. Write the old key again in api/tables.yaml; for the new one, declare a table of "
                "another name, and copy the rows there."
            )
        elif change.path.endswith(".consistencyMode") and change.old != change.new:  # a new replica has it too
            yield (
                "antipodes:consistency would change: DynamoDB settles that of a table when its replicas are made. "
                f"Write the old value again. {_ELSEWHERE}"
            )


def _changes(plan: Report, kind: str) -> Iterator[tuple[str, Change]]:
    """The changes of resources of a kind, each with the resource's name."""
    for step in plan.steps:
        of_kind, name = step.resource.split(" ", 1)
        if of_kind == kind:
            yield from ((name, change) for change in step.changes)
