from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from sandbox.appsync.errors import UnauthorizedError
from sandbox.appsync.signature import signer
from sandbox.roles import Credentials, Roles

ROLES = Roles()
ROLE = ROLES.credentials("arn:aws:iam::000000000000:role/fan-out")
PATH = "/v1/apis/a1/graphql"
BODY = b'{"query":"{ a }"}'


def signed(
    path: str = PATH,
    body: bytes = BODY,
    *,
    by: Credentials = ROLE,
    service: str = "appsync",
    region: str = "eu-west-1",
    **headers: str,
) -> dict[str, str]:
    """The headers that botocore sends with such a POST."""
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest("POST", f"http://127.0.0.1:9{path}", data=body, headers={"host": "127.0.0.1:9", **own})
    SigV4Auth(BotocoreCredentials(by.access_key_id, by.secret_access_key), service, region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def who(headers: dict[str, str], path: str = PATH, body: bytes = BODY, now: datetime | None = None) -> str:
    found = signer(path, headers, body, service="appsync", region="eu-west-1", find=ROLES.find, now=now)
    return found.principal_arn


def test_a_signature_names_its_signer() -> None:
    assert who(signed()) == ROLE.principal_arn
    assert who({**signed(), "user-agent": "not signed"}) == ROLE.principal_arn
    assert who(signed(content_type="application/json  x", x_amz_meta="a")) == ROLE.principal_arn


@given(st.binary(max_size=200), st.text(alphabet="abz/%20+ ~", max_size=20), st.text(alphabet="a=&b2", max_size=12))
def test_every_body_and_path_can_be_signed(body: bytes, path: str, query: str) -> None:
    target = f"/{path.replace(' ', '')}?{query}"
    assert who(signed(target, body), target, body) == ROLE.principal_arn


@given(st.binary(min_size=1, max_size=100), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_no_byte_of_the_body_can_be_changed(body: bytes, place: int, change: int) -> None:
    at = place % len(body)
    other = body[:at] + bytes([body[at] ^ change]) + body[at + 1 :]
    with pytest.raises(UnauthorizedError, match="does not match") as refused:
        who(signed(body=body), body=other)
    assert (refused.value.status, refused.value.type) == (403, "InvalidSignatureException")


def test_nothing_else_that_was_signed_can_be_changed() -> None:
    for name in ("host", "x-amz-meta"):
        headers = signed(x_amz_meta="a") | {name: "b"}
        with pytest.raises(UnauthorizedError, match="does not match"):
            who(headers)
    with pytest.raises(UnauthorizedError, match="does not match"):
        who(signed(), path=PATH + "/other")
    forged = Credentials(ROLE.principal_arn, ROLE.access_key_id, "guessed")
    with pytest.raises(UnauthorizedError, match="does not match"):
        who(signed(by=forged))
    with pytest.raises(UnauthorizedError, match="does not match"):
        who(signed(x_amz_content_sha256="0" * 64))


def test_a_signature_is_for_one_service_in_one_region() -> None:
    for other in (signed(region="ap-southeast-2"), signed(service="execute-api")):
        with pytest.raises(UnauthorizedError, match=r"Credential should be scoped to .*/eu-west-1/appsync, not to"):
            who(other)


def test_unknown_keys_and_incomplete_signatures_are_refused() -> None:
    with pytest.raises(UnauthorizedError) as refused:
        who(signed(by=Credentials("arn", "ASIAAAAAAAAAAAAAAAAA", "secret")))
    assert refused.value.type == "UnrecognizedClientException"
    headers = signed()
    for authorization in ("", "custom-authorized", headers["authorization"].partition(", Signature")[0]):
        with pytest.raises(UnauthorizedError) as refused:
            who({**headers, "authorization": authorization})
        assert refused.value.type == "IncompleteSignatureException"
    unbound = headers["authorization"].replace("host;", "")
    with pytest.raises(UnauthorizedError, match="must cover host"):
        who({**headers, "authorization": unbound})


@pytest.mark.parametrize(("seconds", "valid"), [(0, True), (295, True), (-295, True), (305, False), (-305, False)])
def test_a_signature_is_current_for_five_minutes(seconds: int, valid: bool) -> None:  # noqa: FBT001 - a table's column
    now = datetime.now(UTC) + timedelta(seconds=seconds)
    if valid:
        assert who(signed(), now=now) == ROLE.principal_arn
    else:
        with pytest.raises(UnauthorizedError, match="expired" if seconds > 0 else "not yet current"):
            who(signed(), now=now)
