from typing import Any

from ops.verify.authorizer import Authorizer, judge

FUNCTION = "arn:aws:lambda:eu-west-1:1:function:authorizer"
API = "arn:aws:appsync:eu-west-1:1:apis/a"
STATEMENT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "appsync.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Condition": {"ArnLike": {"AWS:SourceArn": API}},
}


def seen(statement: dict[str, Any] = STATEMENT, mode: str = "AWS_LAMBDA", uri: str = FUNCTION) -> list[str]:
    api = {"arn": API, "authenticationType": mode, "lambdaAuthorizerConfig": {"authorizerUri": uri}}
    function = {
        "FunctionName": "authorizer",
        "FunctionArn": FUNCTION,
        "State": "Active",
        "Environment": {"Variables": {"TOKEN_SECRET": "s"}},
    }
    return [fault.seen for fault in judge("authorizer", "s", Authorizer(api, function, {"Statement": statement}))]


def test_one_that_the_api_asks_and_may_call_is_good():
    assert seen() == []


def test_a_permission_for_every_api_is_good_enough():
    assert seen({**STATEMENT, "Condition": {}}) == []


def test_a_permission_for_another_api_lets_nobody_in():
    [fault] = seen({**STATEMENT, "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:appsync:eu-west-1:1:apis/b"}}})

    assert fault == f"the policy of authorizer does not let AppSync call it for {API}: nobody is let in"


def test_an_api_that_asks_somebody_else_is_told():
    assert seen(uri="arn:other") == ["the API asks arn:other who may come in, and not authorizer"]


def test_an_api_that_goes_by_another_mode_is_told():
    assert seen(mode="API_KEY") == ["the API lets clients in by API_KEY, and not by an authorizer"]
