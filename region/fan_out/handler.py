"""Tells the subscribers of this region what changed in the tables, whichever region wrote it.

A table's stream -> this function -> publish mutations of the region's own API -> its subscribers. The mutations write
nothing, so nothing goes round in circles.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

from botocore.session import get_session

from . import dead_letters, endpoint, metrics
from .changes import published
from .delivery import Delivery
from .settled import Settled

_THREADS = 16  # items that are published side by side, each over a connection of its own
# An answer must be given before Lambda's patience ends; without one the whole batch counts as failed.
_RESERVE = (endpoint.TIMEOUT + dead_letters.TIMEOUT + 1) * 1000  # milliseconds that one change may take

_publications = json.loads(Path(__file__).with_name("publications.json").read_text(encoding="utf-8"))
_session = get_session()
_endpoint = endpoint.Endpoint(
    os.environ["GRAPHQL_URL"], os.environ["AWS_REGION"], _session.get_credentials(), connections=_THREADS
)
_letters = dead_letters.DeadLetters(os.environ["DEAD_LETTERS"], _session)
_delivery = Delivery(_endpoint.publish, _letters.bury, Settled(), _THREADS)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The records that Lambda must hand over again.

    Source: "Configuring partial batch response with DynamoDB and Lambda" in the AWS Lambda Developer Guide.
    """
    _endpoint.refresh()
    left = _delivery(
        published(event["Records"], _publications),
        has_time=lambda: context.get_remaining_time_in_millis() > _RESERVE,
    )
    if sent := _endpoint.take_sent():
        print(metrics.line(os.environ["DOMAIN"], os.environ["REGION_KEY"], sent, time.time()))  # noqa: T201 - Lambda's log
    return {"batchItemFailures": [{"itemIdentifier": sequence_number} for sequence_number in left]}
