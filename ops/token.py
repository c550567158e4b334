"""The API token of a deployed stack."""

from typing import Any, cast


def read_token(secrets_manager: Any, secret_name: str) -> str:
    """The current value of the stack's token, from Secrets Manager (any region that holds a replica will do)."""
    return cast("str", secrets_manager.get_secret_value(SecretId=secret_name)["SecretString"])
