"""Edits change what they say and nothing else, and say so when they cannot."""

import json
from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from tests.policy.deployment import Deployment
from tests.policy.editing import NotThereError, edited
from tests.policy.paths import EditError
from tests.policy.recorded import recording

TABLE = "aws:dynamodb/table:Table events-table"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ROUTER = "aws:lambda/function:Function edge-router-function"


def made(**change: Any) -> Deployment:
    return edited(recording("ours-2"), [change])


def test_a_property_is_set_as_resource_rules_and_as_stack_rules_see_it():
    before = recording("ours-2").find(TABLE)[0]
    (after,) = made(resource=TABLE, set={"replicas[0].pointInTimeRecovery": False}).find(TABLE)

    assert after.inputs["replicas"][0]["pointInTimeRecovery"] is False
    assert after.outputs["replicas"][0]["pointInTimeRecovery"] is False
    assert after.outputs["replicas"][0]["streamArn"] == UNKNOWN_STRING_VALUE
    assert before.inputs["replicas"][0]["pointInTimeRecovery"] is True


def test_what_an_edit_leaves_alone_is_shared():
    before, after = recording("ours-2"), made(resource=TABLE, set={"deletionProtectionEnabled": True})

    assert [each.name for each in after if each is not before.resources[each.urn]] == ["events-table"]


def test_a_number_is_sent_as_the_engine_sends_it():
    (after,) = made(resource=ROUTER, set={"memorySize": 256}).find(ROUTER)

    assert isinstance(after.inputs["memorySize"], float)


def test_a_path_goes_on_inside_a_text_of_json():
    path = 'code.assets."routes.json".text.regions.sydney.host'
    (after,) = made(resource=ROUTER, set={path: "elsewhere.example.com"}).find(ROUTER)

    table = json.loads(after.shown_inputs["code"].assets["routes.json"].text)
    assert table["regions"]["sydney"] == {"host": "elsewhere.example.com", "region": "ap-southeast-2"}


def test_members_are_appended_deleted_and_all_changed():
    appended = made(resource=DISTRIBUTION, append={"aliases": "two.example.com"}).find(DISTRIBUTION)[0]
    deleted = made(resource=DISTRIBUTION, delete=["aliases[-1]"]).find(DISTRIBUTION)[0]
    changed = made(resource=DISTRIBUTION, replace={"aliases[*]": ["example.com", "example.org"]}).find(DISTRIBUTION)[0]

    assert appended.inputs["aliases"] == ["global-api.example.com", "two.example.com"]
    assert deleted.inputs["aliases"] == []
    assert changed.inputs["aliases"] == ["global-api.example.org"]


def test_what_is_deleted_and_made_by_aws_is_unknown_to_stack_rules():
    (after,) = made(resource=TABLE, delete=["streamViewType"]).find(TABLE)

    assert "streamViewType" not in after.inputs
    assert after.outputs["streamViewType"] == UNKNOWN_STRING_VALUE


def test_a_property_that_is_set_refers_to_nothing_unless_it_is_said():
    association = "aws:appsync/dataSource:DataSource sydney-source"
    (other,) = recording("ours-2").named("aws:appsync/graphQLApi:GraphQLApi ireland-api")

    assert "apiId" not in made(resource=association, set={"apiId": "x"}).find(association)[0].property_dependencies
    (after,) = made(resource=association, refers={"apiId": ["aws:appsync/graphQLApi:GraphQLApi ireland-api"]}).find(
        association
    )
    assert after.property_dependencies["apiId"] == (other.urn,)


def test_what_is_removed_is_referred_to_no_more():
    after = made(resource=ROUTER, remove=True)

    (distribution,) = after.find(DISTRIBUTION)
    (gone,) = recording("ours-2").find(ROUTER)
    assert not after.find(ROUTER)
    assert gone.urn not in {urn for urns in distribution.property_dependencies.values() for urn in urns}


def test_a_resource_is_added_as_the_provider_would_show_it():
    after = made(add={"type": "aws:sqs/queue:Queue", "name": "extra", "props": {"delaySeconds": 5}, "parent": "edge"})

    (queue,) = after.named("extra")
    assert queue.inputs == {"delaySeconds": 5.0, "name": "extra-1a2b3c4", "region": "us-east-1"}
    assert queue.outputs["arn"] == UNKNOWN_STRING_VALUE
    assert queue.parent == after.named("edge")[0].urn


def test_a_resource_is_added_like_another():
    after = made(add={"like": TABLE, "name": "more", "props": {"name": "more"}, "refers": {"streamArn": [TABLE]}})

    (more,) = after.named("more")
    assert (more.type, more.inputs["hashKey"], more.inputs["name"]) == (TABLE.partition(" ")[0], "id", "more")
    assert more.property_dependencies["streamArn"] == (after.find(TABLE)[0].urn,)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"resource": TABLE, "set": {"billingMode": "PAY_PER_REQUEST"}}, "already"),
        ({"resource": TABLE, "delete": ["hashKeys"]}, "not there to be deleted"),
        ({"resource": TABLE, "set": {"replicas[3].regionName": "x"}}, r"no \[3\] among 1"),
        ({"resource": TABLE, "replace": {"billingMode": ["PROVISIONED", "x"]}}, "'PROVISIONED' is not in it"),
        ({"resource": TABLE, "set": {"billingMode.mode": "x"}}, "no JSON"),
        ({"resource": TABLE, "sets": {}}, "sets: no such key"),
        ({"resource": TABLE}, "nothing is changed"),
        ({"resource": "aws:lambda/function:Function", "set": {"memorySize": 1}}, "Say which"),
        ({"add": {"like": TABLE, "name": "events-table"}}, "already"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(change: dict[str, Any], complaint: str):
    with pytest.raises(EditError, match=complaint):
        made(**change)


def test_an_edit_of_what_a_deployment_does_not_have_is_told_from_a_mistake():
    with pytest.raises(NotThereError, match="ours-2 has no"):
        made(resource="aws:lambda/function:Function mars-resolvers", set={"memorySize": 1})
