"""The credentials that AWS services give to what runs under an IAM role, and whose they are when they come back."""

import base64
import secrets
from dataclasses import dataclass

from sandbox.aws import CREDENTIALS

ROOT = "arn:aws:iam::000000000000:root"  # of the emulator's own account


@dataclass(frozen=True)
class Credentials:
    """A key pair, and the ARN of the principal that signs with it."""

    principal_arn: str
    access_key_id: str
    secret_access_key: str


class Roles:
    """Hands out one key pair a role, which stays the same as long as the sandbox runs.

    Unlike those of AWS they need no session token and do not expire. The key pair with which boto3 calls the embedded
    AWS (`sandbox.aws`) is the account's own: its principal is the account's root, which may do everything.
    """

    def __init__(self) -> None:
        root = Credentials(ROOT, CREDENTIALS["aws_access_key_id"], CREDENTIALS["aws_secret_access_key"])
        self._by_role: dict[str, Credentials] = {}
        self._by_key = {root.access_key_id: root}

    def credentials(self, role_arn: str) -> Credentials:
        """The key pair of a role; whether there is such a role is for IAM to say when it is used."""
        found = self._by_role.get(role_arn)
        if found is None:
            # Ten bytes make sixteen characters, and AWS's temporary keys begin with ASIA.
            key = "ASIA" + base64.b32encode(secrets.token_bytes(10)).decode()
            found = Credentials(role_arn, key, secrets.token_urlsafe(30))
            self._by_role[role_arn] = self._by_key[key] = found
        return found

    def find(self, access_key_id: str) -> Credentials | None:
        """Whose key it is; None for one that was never handed out."""
        return self._by_key.get(access_key_id)
