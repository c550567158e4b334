import os
from typing import Any


def resolve(_context: dict[str, Any]) -> str:
    return os.environ["AWS_REGION"]
