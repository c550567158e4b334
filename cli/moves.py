"""A key that is given another AWS region: refused, because on the way there the API would be gone."""

from cli.errors import CommandError
from cli.events import Report

_DOMAIN = "aws:appsync/domainName:DomainName"


def refuse_moves(plan: Report) -> None:
    """A region's host is a name that AWS gives out once in the world (AWS AppSync Developer Guide, "Configuring custom
    domain names"): it has to go in the old region before it can come in the new one, and its tables go with it.

    Raises:
        CommandError: the plan moves a key.
    """
    for step in plan.steps:
        for change in step.changes:
            if step.resource.startswith(_DOMAIN) and change.path == "region":
                key = step.resource.removeprefix(f"{_DOMAIN} ").removesuffix("-domain")
                raise CommandError(
                    f"the key {key} would move from {change.old} to {change.new}: requests to it would fail meanwhile, "
                    f"and its tables in {change.old} would be lost. Give {change.new} a key of its own and deploy; "
                    f"then take {key} out."
                )
