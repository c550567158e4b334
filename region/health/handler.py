"""Tells Route 53's health checkers, and operators, whether this region works, and whether another one is drained.

`GET /` looks at all that a request needs here: the tables, a write, the API with its authorizer and resolvers, and how
far subscribers are behind. `GET /drain/<key>` reads the canary table alone, so it works while the rest does not.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from . import drain, metrics, tables
from .answer import Answers, Parts
from .api import Api
from .api_token import Token
from .canary import Canary
from .checks import Check, all_at_once
from .recent import Recent
from .stream import Stream
from .verdict import OK, UNKNOWN, is_healthy

# Route 53 waits two seconds for the status once it is connected ("How Amazon Route 53 determines whether a health check
# is healthy" in its Developer Guide).
_SECONDS = 1.5
_CALL_SECONDS = 1.2
_KEPT_SECONDS = 3.0

_REGION, _DOMAIN = os.environ["REGION_KEY"], os.environ["DOMAIN"]
_CANARY_TABLE = os.environ["CANARY_TABLE"]
_TABLES: dict[str, dict[str, str]] = json.loads(os.environ["TABLES"])
_FAN_OUT = os.environ.get("FAN_OUT")

_session = get_session()
_config = Config(
    connect_timeout=_CALL_SECONDS,
    read_timeout=_CALL_SECONDS,
    retries={"total_max_attempts": 1},
    max_pool_connections=max(len(_TABLES) + 2, 10),
)
_dynamodb, _cloudwatch, _secrets = (
    _session.create_client(service, config=_config) for service in ("dynamodb", "cloudwatch", "secretsmanager")
)


def _read_token() -> str:
    return str(_secrets.get_secret_value(SecretId=os.environ["TOKEN_SECRET"])["SecretString"])


_metrics = metrics.Metrics()
_canary = Canary(_dynamodb, _CANARY_TABLE, _REGION)
_api = Api(
    os.environ["GRAPHQL_URL"],
    Path(__file__).with_name("query.graphql").read_text(encoding="utf-8"),
    Token(_read_token),
    count=lambda: _metrics.add("Probes", 1),
    seconds=_CALL_SECONDS,
)
_stream = Stream(_cloudwatch, _FAN_OUT) if _FAN_OUT else None


def _table(name: str) -> Check:
    return Check("tables", lambda: tables.read(_dynamodb, name, _TABLES[name]))


_checks = [
    *map(_table, _TABLES),
    Check("canary", lambda: _metrics.put("CanaryLatency", _canary.sing())),
    Check("api", _api.ask),
    *([Check("stream", _stream.check, late=UNKNOWN)] if _stream else []),
]


def _probe() -> Parts:
    parts = all_at_once(_checks, _SECONDS)
    _metrics.put("Healthy", int(is_healthy(parts)))
    print(metrics.line(_DOMAIN, _REGION, _metrics.take(), time.time()))  # noqa: T201 - Lambda's log
    return parts


def _is_drained(key: str) -> bool | None:
    found: list[bool] = []
    state = all_at_once([Check("drain", lambda: found.append(drain.read(_dynamodb, _CANARY_TABLE, key)))], _SECONDS)
    return found[0] if state["drain"] == OK else None


_answers = Answers(_REGION, os.environ["VERSION"], Recent(_probe, _KEPT_SECONDS), _is_drained)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """The response to a function URL's event, in version 2.0 of its format."""
    return _answers.to(event["requestContext"]["http"]["method"], event["rawPath"])
