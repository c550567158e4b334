import pytest

from policy.rules.api.shared.credential_comparisons import hard_coded


@pytest.mark.parametrize(
    "code",
    [
        'return {"isAuthorized": event["authorizationToken"] == "custom-authorized"}',
        "isAuthorized: authorizationToken === 'custom-authorized',",
        "if (`custom-authorized` !== event.authorizationToken) return refuse()",
        'if headers["authorization"].strip() != "custom-authorized":',
        "ok = hmac.compare_digest(token, 'custom-authorized')",
        'const EXPECTED = "custom-authorized";\nif (apiKey === EXPECTED) {}',
        'EXPECTED = "custom-authorized"\nok = EXPECTED == auth_token',
    ],
)
def test_a_credential_that_is_compared_with_a_text_is_found(code: str) -> None:
    assert hard_coded(code)


@pytest.mark.parametrize(
    "code",
    [
        "if typeof authorizationToken === 'string'",
        'if (typeof token === "string") {}',
        "if token_type == 'something': pass",
        "if token == '': pass",
        'if scheme == "Bearer" and token != "undefined": pass',
        "return hmac.compare_digest(presented.encode(), self._token.encode())",
        'SECRET = "antipodes/token"\nread(SECRET)',
        "if event['authorizationToken'] == read_token(): pass",
        'if kind == "custom-authorized": pass',
    ],
)
def test_a_credential_that_is_compared_with_what_was_read_is_let_be(code: str) -> None:
    assert hard_coded(code) is None
