"""Headers that resolvers add to the answer of a GraphQL request.

Source: "HTTP helpers in util.http" in the AWS AppSync Developer Guide. Sandbox's own, where that is silent: a header
beyond the size, and one that HTTP could not carry, is refused like one of a restricted name; a field that fails keeps
what it added before.
"""

import json
import re
from typing import Any

from sandbox.appsync.errors import FieldError

_LARGEST = 4096  # bytes of all names and values, of replaced ones too
_RESTRICTED = frozenset(
    {
        "transfer-encoding",
        "connection",
        "host",
        "expect",
        "keep-alive",
        "upgrade",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "content-length",
        "access-control-allow-credentials",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "vary",
        "content-type",
    }
)
_RESTRICTED_PREFIXES = ("x-amzn-", "x-amz-")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, "token"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class ResponseHeaders:
    """What one operation's resolvers have added: of each name the latest."""

    def __init__(self) -> None:
        self._headers: dict[str, tuple[str, str]] = {}
        self._size = 0

    def add(self, name: str, value: Any) -> None:
        """Takes a header; one that has it already, in any case, is replaced.

        Raises:
            FieldError: it is ignored, and the error belongs to the operation's.
        """
        key = name.lower()
        if not _NAME.fullmatch(name) or key in _RESTRICTED or key.startswith(_RESTRICTED_PREFIXES):
            raise _refused(f"Resolvers may add no response header with the name {name!r}.")
        if isinstance(value, dict | list):
            raise FieldError("NotEmulated", f"The sandbox does not emulate the header {name} of an object or a list.")
        text = value if isinstance(value, str) else json.dumps(value)
        if value is None or _CONTROL.search(text):
            raise _refused(f"The response header {name} has a value that HTTP does not.")
        self._size += len(name) + len(text.encode())
        if self._size > _LARGEST:
            raise _refused(f"With {name}, response headers exceed {_LARGEST} bytes.")
        self._headers[key] = (name, text)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._headers.values())


def _refused(message: str) -> FieldError:
    return FieldError("ResponseHeaderError", message)
