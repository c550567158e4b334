import pytest

from cli.changes import Change
from cli.errors import CommandError
from cli.events import Report, Step
from cli.moves import refuse_moves

PARENT = "urn:pulumi:local::antipodes::antipodes:index:RegionalApi$"


def plan(kind: str, name: str, *changes: Change) -> Report:
    return Report(steps=[Step("replace", f"{PARENT}{kind}::{name}", changes)])


def test_a_key_that_moves_to_another_region_is_refused_with_the_way_round_it():
    moved = plan("aws:appsync/domainName:DomainName", "tokyo-domain", Change("region", "ap-northeast-1", "eu-west-3"))

    with pytest.raises(CommandError, match=r"key tokyo would move from ap-northeast-1 to eu-west-3.*key of its own"):
        refuse_moves(moved)


def test_other_changes_of_a_domain_and_other_resources_pass():
    refuse_moves(plan("aws:appsync/domainName:DomainName", "tokyo-domain", Change("certificateArn", "a", "b")))
    refuse_moves(plan("aws:dynamodb/table:Table", "tokyo-events", Change("region", "a", "b")))
