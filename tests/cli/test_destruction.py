from typing import Any

from cli import destruction
from ops.plan import Plan

OUTPUTS = {"url": "https://a.example.com/graphql", "regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}}
STACK = {"type": "pulumi:pulumi:Stack", "outputs": OUTPUTS}
PROVIDER = {"type": "pulumi:providers:aws"}
ROLE = {"type": "aws:iam/role:Role", "id": "role"}
ROUTER = {"type": "aws:lambda/function:Function", "id": "router-1", "inputs": {"skipDestroy": True}}


def table(name: str, home: str, *others: str) -> dict[str, Any]:
    inputs = {
        "region": home,
        "replicas": [{"regionName": region} for region in others],
        "tags": {"antipodes:table": name},
    }
    return {"type": "aws:dynamodb/table:Table", "inputs": inputs}


def plan(*resources: dict[str, Any]) -> Plan:
    return destruction.plan("prod", {"deployment": {"resources": list(resources)}})


def test_a_plan_says_where_the_stack_is_what_is_lost_with_it_and_what_stays():
    tables = [table(name, "eu-west-1", "ap-southeast-2") for name in ("events", "comments", "antipodes-canary")]

    assert plan(STACK, PROVIDER, ROLE, *tables, ROUTER) == Plan(
        "destroy prod",
        (
            "https://a.example.com/graphql is served from ireland (eu-west-1), sydney (ap-southeast-2).",
            "No record is kept: the journal goes with it.",
        ),
        (
            "Delete 6 resources.",
            "Delete with them the tables and all their rows: comments, events in ap-southeast-2, eu-west-1.",
            "Leave router-1, of which CloudFront has replicas for some hours: antipodes sweep deletes it then.",
        ),
    )


def test_the_tables_of_each_region_alone_are_told_with_it():
    steps = plan(STACK, table("events", "eu-west-1"), table("comments", "us-east-1")).steps

    assert steps[1].endswith("all their rows: events in eu-west-1; comments in us-east-1.")


def test_of_a_deployment_that_was_cut_off_is_told_what_there_is():
    told = plan({**STACK, "outputs": {}}, ROLE, {"type": ROUTER["type"], "inputs": None})

    assert (told.found, told.steps[0]) == (("No record is kept: the journal goes with it.",), "Delete 3 resources.")


def test_where_nothing_is_deployed_there_is_nothing_to_do():
    assert not plan().is_needed
    assert not plan(PROVIDER).is_needed
    assert not destruction.plan("prod", {"version": 3}).is_needed
