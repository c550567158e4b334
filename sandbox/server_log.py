"""What the sandbox's HTTP servers log of a request that failed: which error and where, never what the request held.

aiohttp logs an error with its text, in which the parser quotes what it could not read: an overlong Authorization
header, for one.
"""

import logging
import traceback

from aiohttp.http_exceptions import HttpProcessingError

server_log = logging.getLogger(__name__)


def _without_text(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        # Where a parser gave up tells nothing; where a handler failed does.
        stack = [] if isinstance(error, HttpProcessingError) else traceback.format_tb(error.__traceback__)
        record.msg = "\n".join([f"{record.getMessage()}: {type(error).__name__}", *map(str.rstrip, stack)])
        record.args = record.exc_info = record.exc_text = None
    return True


server_log.addFilter(_without_text)
