"""The tables that tables.yaml declares, in this region."""

import os
from functools import cache
from typing import Any

import boto3


@cache
def table(name: str) -> Any:
    """The boto3 Table that tables.yaml calls `name`."""
    return boto3.resource("dynamodb").Table(os.environ[f"TABLE_{name.upper()}"])
