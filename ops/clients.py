"""The AWS clients that operations use."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

Clients = Callable[[str, str], Any]
"""boto3 clients by service and AWS region; safe to ask from several threads."""

REFUSALS = (BotoCoreError, ClientError)
"""What a client raises where AWS refuses, or does not answer."""
