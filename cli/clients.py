"""boto3 clients of AWS itself, and how long they wait for a region that may be dead."""

import threading
from typing import Any

import boto3
from botocore.config import Config

PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})
"""botocore's own waits a minute for each of five attempts, which nobody does whose region is down."""

HASTE = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 2, "mode": "standard"})
"""For who drains a region that hangs, and asks only what is answered at once."""


class AwsClients:
    """Clients by service and region, each made once; a boto3 session makes one at a time."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._session = boto3.Session()
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str, region: str) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._session.client(service, region_name=region, config=self._config)
            return self._clients[service, region]
