"""AppSync's Lambda authorizer: may the bearer of this token use the API?"""

import os
from typing import Any

import boto3

from .credential import Credential

_SECRETS = boto3.client("secretsmanager")  # of the function's own region, where a copy of the secret lies
_REFUSAL_TTL = 5  # seconds that AppSync keeps a refusal: a token that was renewed this moment is let in soon


def _read_token() -> str:
    return str(_SECRETS.get_secret_value(SecretId=os.environ["TOKEN_SECRET"])["SecretString"])


_credential = Credential(_read_token)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """The answer that "AWS_LAMBDA authorization" in the AWS AppSync Developer Guide asks for."""
    if _credential.accepts(event.get("authorizationToken") or ""):
        return {"isAuthorized": True}
    return {"isAuthorized": False, "ttlOverride": _REFUSAL_TTL}
