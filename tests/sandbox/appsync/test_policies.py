from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.appsync.policies import ConditionError, Permissions

FIELD = "arn:aws:appsync:eu-west-1:000000000000:apis/a1/types/Mutation/fields/publish"
ALLOW = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": FIELD}
ACTION = "appsync:GraphQL"


def allowed(*statements: dict[str, Any], resource: str = FIELD) -> bool:
    return Permissions(statements).allow(ACTION, resource)


def test_nothing_is_allowed_that_no_statement_allows() -> None:
    assert not allowed()
    assert allowed(ALLOW)
    assert not allowed(ALLOW, resource=FIELD + "Other")
    assert not allowed({**ALLOW, "Action": "appsync:GetGraphqlApi"})


def test_a_denial_goes_before_whatever_allows() -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    assert not allowed(ALLOW, deny)
    assert not allowed(deny, ALLOW)
    assert allowed(ALLOW, {**deny, "Resource": "arn:aws:s3:::*"})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Action": ["dynamodb:*", "APPSYNC:graphql"]}, True),
        ({"Action": "appsync:Graph??"}, True),
        ({"Action": "appsync:Graph?"}, False),
        ({"Resource": ["x", FIELD.replace("a1", "*")]}, True),
        ({"Resource": FIELD.replace("publish", "*")}, True),
        ({"Resource": FIELD.replace("Mutation", "mutation")}, False),
        ({"Resource": FIELD.replace(":", ".")}, False),
    ],
)
def test_patterns_are_those_of_iam(change: dict[str, Any], expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert allowed({**ALLOW, **change}) is expected


def test_elements_may_say_what_a_statement_is_not_about() -> None:
    but = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": FIELD}
    assert not allowed(but)
    assert allowed(but, resource=FIELD + "Other")
    assert not allowed({**but, "NotAction": "appsync:*"}, resource=FIELD + "Other")


def test_a_condition_that_would_decide_is_named() -> None:
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    with pytest.raises(ConditionError, match="SecureTransport"):
        allowed({**ALLOW, "Condition": condition})
    assert allowed(ALLOW, {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition})


@given(st.text(), st.text())
def test_no_character_of_a_name_is_more_than_itself_but_the_two_wildcards(name: str, other: str) -> None:
    literal = name.replace("*", "").replace("?", "")
    assert allowed({**ALLOW, "Resource": literal}, resource=other) is (literal == other)
