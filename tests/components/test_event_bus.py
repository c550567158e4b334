"""What the program registers for the event bus of each region."""

import json

import pytest

from components.event_bus import endpoint_id
from tests.program.stacks import TWO, deployed


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://abc123.appsync-api.eu-west-1.amazonaws.com/graphql", "abc123"),
        ("http://127.0.0.1:14500/v1/apis/api-id/graphql", "api-id"),
        ("https://api.example.com/graphql", "api-id"),
    ],
)
def test_an_endpoint_has_the_id_in_appsyncs_host_or_else_that_of_the_api(url: str, expected: str) -> None:
    assert endpoint_id(url, "api-id") == expected


def test_every_region_has_a_bus_of_the_same_name_and_the_stack_tells_it() -> None:
    buses = deployed().of("aws:cloudwatch/eventBus:EventBus")

    assert {each.inputs["region"]: each.inputs["name"] for each in buses} == dict.fromkeys(TWO.values(), "example.com")
    assert deployed().outputs["eventBuses"] == dict.fromkeys(TWO, "example.com")


def test_a_rule_leads_to_a_mutation_of_its_own_regions_api() -> None:
    rule = deployed().named("sydney-bus-event-announced-rule").inputs
    target = deployed().named("sydney-bus-event-announced-target").inputs

    assert (rule["name"], rule["eventBusName"]) == (target["rule"], target["eventBusName"])
    assert json.loads(rule["eventPattern"])["source"] == ["com.example.tickets"]
    assert target["arn"] == "arn:aws:appsync:ap-southeast-2:123456789012:endpoints/graphql-api/sydney-api"
    assert target["appsyncTarget"]["graphqlOperation"].startswith("mutation ($id: ID!")
    assert target["inputTransformer"]["inputPaths"]["id"] == "$.id"
    assert target["deadLetterConfig"] == {"arn": "arn:aws:test:::sydney-bus-letters-queue"}
    assert 60 <= target["retryPolicy"]["maximumEventAgeInSeconds"] <= 86_400
    assert 0 <= target["retryPolicy"]["maximumRetryAttempts"] <= 185


def test_the_buss_role_may_call_the_mutations_of_its_rules_alone_and_is_eventbridges_for_this_account() -> None:
    (allowed,) = json.loads(deployed().named("ireland-bus-role-policy").inputs["policy"])["Statement"]
    (trusted,) = json.loads(deployed().named("ireland-bus-role").inputs["assumeRolePolicy"])["Statement"]

    assert allowed["Action"] == ["appsync:GraphQL"]
    assert allowed["Resource"] == ["arn:aws:test:::ireland-api/types/Mutation/fields/recordEvent"]
    assert trusted["Principal"] == {"Service": ["events.amazonaws.com"]}
    assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_only_the_buss_rules_may_put_letters_into_its_queue() -> None:
    policy = deployed().named("ireland-bus-letters-policy").inputs
    (allowed,) = json.loads(policy["policy"])["Statement"]

    assert "ireland-bus-letters-queue" in policy["queueUrl"]
    assert allowed["Action"] == ["sqs:SendMessage"]
    assert allowed["Resource"] == ["arn:aws:sqs:eu-west-1:123456789012:ireland-bus-letters-queue-0123456"]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    (source,) = allowed["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert source == "arn:aws:events:eu-west-1:123456789012:rule/example.com/event-announced"


def test_no_event_comes_before_the_tables_are_there_the_role_may_write_them_and_the_queue_takes_letters() -> None:
    needed = deployed().needs(deployed().named("ireland-bus-event-announced-target"))

    assert {"events-table", "comments-table", "ireland-bus-role-policy", "ireland-bus-letters-policy"} <= needed
