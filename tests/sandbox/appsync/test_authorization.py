import asyncio
from collections.abc import Iterator

import pytest

from sandbox.aws import CREDENTIALS
from sandbox.ports import Ports
from sandbox.roles import ROOT
from tests.sandbox.appsync.live import EVENT, Live, live, role_name
from tests.sandbox.appsync.regional import Answer
from tests.sandbox.embedded import ports, runner

__all__ = ["ports", "runner"]

FULL = {"id": "1", "name": "one", "when": "now", "draft": True, "secret": "s"}


@pytest.fixture(scope="module")
def api(runner: asyncio.Runner, ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    deployed = live(ports, tmp_path_factory.mktemp("live"))
    yield runner.run(deployed.__aenter__())
    runner.run(deployed.__aexit__(None, None, None))


def closed(answer: Answer, field: str, type_: str) -> bool:
    """The operation ran, but for this field."""
    assert answer.status == 200, answer.text
    messages = {(error["errorType"], error["message"]) for error in answer.json["errors"]}
    return messages == {("Unauthorized", f"Not Authorized to access {field} on type {type_}")}


def test_a_role_publishes_what_its_policy_allows(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        role = await api.publisher(role_name())
        answer = await api.publish(role, EVENT, **FULL)
        assert answer.json == {"data": {"publishEventCreated": FULL}}
        assert closed(await api.signed(role, "{ internal }"), "internal", "Query"), "the schema opens it, IAM does not"
        create = 'mutation { createEvent(name: "x") { id } }'
        assert closed(await api.signed(role, create), "createEvent", "Mutation"), "nor does the schema"

    runner.run(story())


def test_a_role_without_a_policy_may_nothing(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        denied = {"Effect": "Deny", "Action": "*", "Resource": "*"}
        for role in (await api.role(role_name()), await api.role(role_name(), denied), "arn:aws:iam::0:role/gone"):
            assert closed(await api.publish(role, EVENT, **FULL), "publishEventCreated", "Mutation")

    runner.run(story())


def test_an_attached_policy_counts_and_a_change_of_it_at_once(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        name = role_name()
        role = await api.role(name)
        document = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
        iam = api.there.aws
        policy = await iam.call("iam", "us-east-1", "create_policy", PolicyName=name, PolicyDocument=document)
        attached = {"RoleName": name, "PolicyArn": policy["Policy"]["Arn"]}
        await iam.call("iam", "us-east-1", "attach_role_policy", **attached)
        assert "errors" not in (await api.publish(role, EVENT, **FULL)).json
        await iam.call("iam", "us-east-1", "detach_role_policy", **attached)
        assert closed(await api.publish(role, EVENT, **FULL), "publishEventCreated", "Mutation")

    runner.run(story())


def test_the_accounts_own_credentials_may_what_the_schema_opens(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        found = api.roles.find(CREDENTIALS["aws_access_key_id"])
        assert found is not None
        api.roles._by_role[ROOT] = found
        assert (await api.signed(ROOT, "{ internal }")).json == {"data": {"internal": None}}
        create = 'mutation { createEvent(name: "x") { id } }'
        assert closed(await api.signed(ROOT, create), "createEvent", "Mutation")

    runner.run(story())


def test_a_client_with_a_token_cannot_forge_an_event(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        forged = await api.there.post(EVENT, variables={"item": "{}"})
        assert forged.json["data"] == {"publishEventCreated": None}
        assert forged.json["errors"] == [
            {
                "path": ["publishEventCreated"],
                "data": None,
                "errorType": "Unauthorized",
                "errorInfo": None,
                "locations": [{"line": 1, "column": 31, "sourceName": None}],
                "message": "Not Authorized to access publishEventCreated on type Mutation",
            }
        ]
        answer = await api.there.post("{ getEvent { id secret } }")
        assert answer.json["data"] == {"getEvent": {"id": "1", "secret": None}}
        assert closed(answer, "secret", "Event")

    runner.run(story())


def test_a_wrong_signature_is_refused_and_never_a_token(runner: asyncio.Runner, api: Live) -> None:
    async def story() -> None:
        for authorization, type_ in (
            ("AWS4-HMAC-SHA256 Credential=x", "IncompleteSignatureException"),
            ("AWS4-HMAC-SHA256", "IncompleteSignatureException"),
        ):
            answer = await api.there.post("{ getEvent { id } }", bearer=authorization)
            assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, type_)
        missing = await api.signed("arn:aws:iam::0:role/any", "{ internal }", api_id="none")
        assert (missing.status, missing.json["errors"][0]["errorType"]) == (404, "NotFoundException")

    runner.run(story())
