"""boto3 clients of the embedded AWS."""

import os
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider

from sandbox.ports import LOOPBACK

CREDENTIALS = {
    "aws_access_key_id": "sandbox",
    "aws_secret_access_key": "sandbox",
}  # the emulator's own account

# For a process of the sandbox, which is left with nothing else of AWS that the user's environment holds.
ENVIRONMENT = {
    "AWS_CONFIG_FILE": os.devnull,  # else it is one in the user's home folder
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "no_proxy": LOOPBACK,  # where AWS is, here; the lower-case name goes before the other
}

# `proxies` is what keeps botocore from asking the environment for some: the sandbox is on loopback.
_CONFIG = Config(retries={"max_attempts": 1}, max_pool_connections=32, proxies={})

# Of the clients by which AWS looks into itself: what faults keep from others they do not keep from it, since a service
# works by what it knows whether or not anybody can call its API.
OF_AWS = Config(user_agent_extra="sandbox-of-aws")

# The one service here that AWS has signed for all regions at once, which botocore cannot do by itself; the emulator
# takes the plain signature.
_KEY_VALUE_STORES = "cloudfront-keyvaluestore"
_OF_KEY_VALUE_STORES = Config(signature_version="v4")


class Clients:
    """Clients by service and region, made once: loading a service's model costs more than most calls do.

    `config` goes before what they have by default.
    """

    def __init__(self, endpoint: str, config: Config | None = None) -> None:
        self.endpoint = endpoint
        self._config = _CONFIG if config is None else _CONFIG.merge(config)
        self._session = session()
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str, region: str = "us-east-1") -> Any:
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._create(service, region)
            return self._clients[key]

    def _create(self, service: str, region: str) -> Any:
        client = self._session.create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            config=self._config.merge(_OF_KEY_VALUE_STORES) if service == _KEY_VALUE_STORES else self._config,
            **CREDENTIALS,
        )
        if service == _KEY_VALUE_STORES:
            client.meta.events.register(f"before-sign.{service}", self._stay)
        return client

    def _stay(self, request: Any, **_: Any) -> None:
        """Takes the account out of the host, where botocore puts it in front: here it is an address."""
        request.url = f"{self.endpoint}{urlsplit(request.url)._replace(scheme='', netloc='').geturl()}"


def is_of_aws(headers: Mapping[str, str]) -> bool:
    """Whether a call with these headers was made by one of the clients `OF_AWS`."""
    return OF_AWS.user_agent_extra in headers.get("User-Agent", "")


def session() -> Any:
    """A botocore session of its defaults, whatever profile, files and variables the user has for the real AWS."""
    plain = botocore.session.Session()
    settings = {name: default for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    settings |= {"config_file": os.devnull, "credentials_file": os.devnull}
    providers = {name: ConstantProvider(value) for name, value in settings.items()}
    plain.register_component("config_store", ConfigValueStore(providers))
    return plain
