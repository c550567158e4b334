"""The AWS clients that operations use."""

from collections.abc import Callable
from typing import Any

Clients = Callable[[str, str], Any]
"""boto3 clients by service and AWS region; safe to ask from several threads."""
