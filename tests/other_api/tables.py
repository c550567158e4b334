import os
from typing import Any

import boto3


def table(name: str) -> Any:
    return boto3.resource("dynamodb").Table(os.environ[f"TABLE_{name.upper()}"])
