"""What a running stack cannot follow without losing rows or requests, or without failing half-way: refused."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from cli.changes import Change
from cli.errors import CommandError
from cli.events import Report, Step
from cli.new_regions import early_requests
from cli.table_inputs import CANARY, TABLE, declared_name, listed, protection

_DOMAIN = "aws:appsync/domainName:DomainName"
_OWNERS = {"antipodes:index:GlobalTable": "replicated", "antipodes:index:RegionalTable": "regional"}
_ELSEWHERE = "To have it otherwise, deploy a stack under another domain, copy the rows there, and take this one down."


def refuse_losses(plan: Report, deletable: Collection[str] = ()) -> None:
    """Refuses a plan by the first of its changes that cannot be made in place, or not at once.

    Args:
        plan: what the engine would do.
        deletable: the tables that may be deleted with their rows.

    Raises:
        CommandError: it moves or renames a region's key, takes rows away with the tables that hold them, deletes
            what refuses deletion, or sends requests to a new region before that is up.
    """
    rules: tuple[Callable[[Report], Iterable[str]], ...] = (
        _moved_keys,
        _renamed_keys,
        _other_data,
        _other_tables,
        _other_regions_of_strong_tables,
        _protected_tables,
        early_requests,
        lambda plan: _undeclared_tables(plan, deletable),
    )
    for rule in rules:
        for problem in rule(plan):
            raise CommandError(problem)


def refuse_down(state: Mapping[str, Any]) -> None:
    """Refuses to destroy a stack whose tables refuse deletion, before anything else of it is gone.

    Args:
        state: as the engine exports it; what the config says by now protects nothing.

    Raises:
        CommandError: a table or a replica of one is protected.
    """
    resources = (state.get("deployment") or {}).get("resources") or ()
    tables = [resource.get("inputs") or {} for resource in resources if resource["type"] == TABLE]
    protected = [
        (region, declared_name(table)) for table in tables for region, held in protection(table).items() if held
    ]
    if protected:
        raise CommandError(
            "the stack is protected (antipodes:protected: true when it was last deployed): its tables refuse deletion, "
            f"{listed(protected)}. Nothing was destroyed. Write antipodes:protected: false, run antipodes up, "
            "then antipodes down."
        )


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


def _renamed_keys(plan: Report) -> Iterator[str]:
    """Route 53 takes one latency record for a region of AWS ("ResourceRecordSet" in its API Reference), so the new
    key's cannot come before the old key's has gone, and it is when it has come that the old key may go.
    """
    going = {step.old.get("region"): name for step, name in _steps(plan, _DOMAIN) if step.operation == "delete"}
    for step, new in _steps(plan, _DOMAIN):
        region = step.new.get("region")
        if step.operation == "create" and region in going:
            old_key, new_key = (name.removesuffix("-domain") for name in (going[region], new))
            yield (
                f"{region} would get the key {new_key} instead of {old_key}: Route 53 takes one latency record for a "
                f"region, so the one of {new_key} would be refused half-way. Write {old_key} again. A region that is "
                f"not the home gets another key by leaving first: take {old_key} out and run antipodes up, then add "
                f"{new_key} and run antipodes up. With antipodes:data: regional, its rows go when it leaves."
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
    return step.operation == operation and f"{owner}${TABLE}::" in step.urn


def _other_tables(plan: Report) -> Iterator[str]:
    """What DynamoDB changes in no table: where it is, its name and its key, and how its replicas agree."""
    for name, change in _changes(plan, TABLE):
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


def _other_regions_of_strong_tables(plan: Report) -> Iterator[str]:
    """Source: "How DynamoDB global tables work" in the Amazon DynamoDB Developer Guide."""
    for step, _ in _steps(plan, TABLE):
        old, new = (", ".join(sorted(protection(inputs))) for inputs in (step.old, step.new))
        strong = any(replica.get("consistencyMode") == "STRONG" for replica in step.old.get("replicas") or ())
        if strong and step.operation == "update" and old != new:
            yield (
                f"the regions would change from {old} to {new}: with antipodes:consistency: strong, DynamoDB settles "
                f"those of a table when its replicas are made. Write the old ones again. {_ELSEWHERE}"
            )


def _protected_tables(plan: Report) -> Iterator[str]:
    """The plan's own `protected: false` comes too late for what it deletes: that is not updated before it goes."""
    protected = [
        (region, declared_name(step.old))
        for step, _ in _steps(plan, TABLE)
        for region, held in protection(step.old).items()
        if held and region not in protection(step.new)
    ]
    if protected:
        yield (
            "the stack is protected (antipodes:protected: true when it was last deployed), so what would be deleted "
            f"refuses deletion: {listed(protected)}. Take it in two steps. First undo the change, write "
            "antipodes:protected: false and run antipodes up; then make the change again and run antipodes up. "
            "After that, protect the stack again in the same way."
        )


def _undeclared_tables(plan: Report, deletable: Collection[str]) -> Iterator[str]:
    """A region that is removed takes its own tables along; all others are deleted because the API declares them no
    longer, or under another name.
    """
    removed = {step.old.get("region") for step, _ in _steps(plan, _DOMAIN) if step.operation == "delete"}
    deleted = {
        declared_name(step.old)
        for step, _ in _steps(plan, TABLE)
        if step.operation == "delete" and step.old.get("region") not in removed
    }
    names = sorted(deleted - {CANARY, *deletable})
    if names:
        flags = " ".join(f"--delete-table {name}" for name in sorted(deleted - {CANARY}))
        yield (
            f"api/tables.yaml no longer declares {', '.join(names)}: to be deleted in every region, with all rows. "
            f"What is to stay, declare again, under the name that it had. To delete them: antipodes up {flags}"
        )


def _changes(plan: Report, kind: str) -> Iterator[tuple[str, Change]]:
    """The changes of resources of a kind, each with the resource's name."""
    for step, name in _steps(plan, kind):
        yield from ((name, change) for change in step.changes)


def _steps(plan: Report, kind: str) -> Iterator[tuple[Step, str]]:
    """The steps of resources of a kind, each with the resource's name."""
    for step in plan.steps:
        of_kind, name = step.resource.split(" ", 1)
        if of_kind == kind:
            yield step, name
