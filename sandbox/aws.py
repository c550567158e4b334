"""boto3 clients of the embedded AWS."""

import threading
from typing import Any

import boto3
from botocore.config import Config

CREDENTIALS = {
    "aws_access_key_id": "sandbox",
    "aws_secret_access_key": "sandbox",
}  # the emulator's own account


class Clients:
    """Clients by service and region, made once: loading a service's model costs more than most calls do."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(**CREDENTIALS)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str, region: str = "us-east-1") -> Any:
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service,
                    region_name=region,
                    endpoint_url=self.endpoint,
                    config=Config(retries={"max_attempts": 1}, max_pool_connections=32),
                )
            return self._clients[key]
