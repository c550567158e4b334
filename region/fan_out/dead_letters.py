"""The queue of what could not be published, for people to look at."""

import json
from threading import Lock
from typing import Any

from botocore.config import Config
from botocore.session import Session

from .changes import Change

TIMEOUT = 15.0  # seconds that a burial takes at most
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
_LARGEST = 256 * 1024  # bytes of a message, "Amazon SQS message quotas" for queues that keep the older default
_IMAGES = ("NewImage", "OldImage")


class DeadLetters:
    """An SQS queue. The client is made for the first letter: most instances never write one, and start sooner."""

    def __init__(self, queue_url: str, session: Session) -> None:
        self._queue_url = queue_url
        self._session = session
        self._client: Any = None
        self._lock = Lock()

    def bury(self, change: Change, reason: str) -> None:
        """Puts the change into the queue.

        Raises:
            Exception: what botocore raised; the change is then not in the queue, as far as can be told.
        """
        self._sqs().send_message(QueueUrl=self._queue_url, MessageBody=letter(change, reason))

    def _sqs(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._session.create_client("sqs", config=_CONFIG)
            return self._client


def letter(change: Change, reason: str) -> str:
    """JSON in ASCII: `reason`, `field` and the stream's `record`, without its images where these are too large.

    What Lambda itself puts into the queue, when it gives up a batch, has `DDBStreamBatchInfo` instead.
    """
    whole = _letter(change.field, reason, dict(change.record))
    if len(whole) <= _LARGEST:
        return whole
    place = {name: value for name, value in change.record["dynamodb"].items() if name not in _IMAGES}
    return _letter(change.field, reason, {**change.record, "dynamodb": place})


def _letter(field: str, reason: str, record: dict[str, Any]) -> str:
    return json.dumps({"reason": reason, "field": field, "record": record})
