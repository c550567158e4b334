"""The region's own AppSync endpoint, called with the function's own credentials."""

import json
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from .changes import Change
from .outcome import Fate, Outcome, judge

TIMEOUT = 10.0  # seconds that a publication takes at most
_CONNECT_TIMEOUT = 2.0  # seconds
# Seconds without use after which a connection is not trusted: while Lambda freezes the function the other end closes
# it, and of what is sent on a closed connection nobody knows whether it arrived.
_LONGEST_IDLE = 5.0


class Endpoint:
    """Publishes changes by signed mutations over connections that are kept open.

    Source: "IAM authorization" and "Signing requests" in the AWS AppSync Developer Guide.

    Args:
        clock: seconds that go on while the function is frozen, which a monotonic clock's may not.
    """

    def __init__(
        self, url: str, region: str, credentials: Any, connections: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._url = url
        self._clock = clock
        self._auth = SigV4Auth(credentials, "appsync", region)
        self._pool = urllib3.PoolManager(
            maxsize=connections,
            block=True,
            timeout=urllib3.Timeout(connect=_CONNECT_TIMEOUT, total=TIMEOUT),
            retries=False,  # what may be tried again, and in which order, is Delivery's to say
        )
        self._used = clock()
        self._sent = 0
        self._lock = Lock()

    def refresh(self) -> None:
        """Forgets connections that may be dead; to be called before a batch, not during one."""
        if self._clock() - self._used > _LONGEST_IDLE:
            self._pool.clear()
        self._used = self._clock()

    def take_sent(self) -> int:
        """How many requests were sent since the last time."""
        with self._lock:
            sent, self._sent = self._sent, 0
            return sent

    def publish(self, change: Change) -> Outcome:
        """What became of `change`.

        Raises:
            Exception: the change holds no item that could be published.
        """
        # The scalar AWSJSON is a text that holds JSON.
        variables = {"item": json.dumps(change.item(), ensure_ascii=False)}
        content = json.dumps({"query": change.document, "variables": variables}, ensure_ascii=False).encode()
        request = AWSRequest("POST", self._url, {"Content-Type": "application/json"}, content)
        self._auth.add_auth(request)
        with self._lock:
            self._sent += 1
        try:
            answer = self._pool.request("POST", self._url, body=content, headers=dict(request.headers.items()))
        except urllib3.exceptions.HTTPError as error:
            return Outcome(Fate.AGAIN, repr(error))
        finally:
            self._used = self._clock()
        return judge(answer.status, answer.data, change.field)
