"""How a client of the real-time endpoint says who it is, before there is a WebSocket.

Source: "Building a real-time WebSocket client in AWS AppSync": the header object goes base64-encoded in the query
string, with an empty payload beside it, or as a subprotocol `header-<base64url>` beside `graphql-ws`.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.appsync.errors import RefusedError

PROTOCOL = "graphql-ws"
_IN_PROTOCOL = "header-"


def headers(protocols: Sequence[str], query: Mapping[str, str]) -> dict[str, str]:
    """The client's headers, with lower-case names, from its subprotocols or its query string.

    Raises:
        RefusedError: they are not there, or not as AppSync reads them.
    """
    if PROTOCOL not in protocols:
        raise _refused(f"NoProtocolError: the subprotocol {PROTOCOL} is missing from Sec-WebSocket-Protocol.")
    given = next((each.removeprefix(_IN_PROTOCOL) for each in protocols if each.startswith(_IN_PROTOCOL)), None)
    if given is None:
        given = query.get("header")
        if _decoded("payload", query.get("payload")) != {}:
            raise _refused("The payload is not e30=, an empty object.")
    return normalized(_decoded("header", given))


def normalized(given: Any) -> dict[str, str]:
    """Headers as a JSON object, with lower-case names; `host` is among them.

    Raises:
        RefusedError: it is no such object.
    """
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise _refused("The header is no JSON object of strings.")
    found = {name.lower(): value for name, value in given.items()}
    if "host" not in found:
        raise _refused("Required headers are missing: host.")
    return found


def _decoded(name: str, text: str | None) -> Any:
    if not text:
        raise _refused(f"Required headers are missing: the {name} is neither a subprotocol nor in the query string.")
    plain = text.replace("-", "+").replace("_", "/").replace(" ", "+").rstrip("=")  # a "+" in a query string is a space
    try:
        return json.loads(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (binascii.Error, ValueError):
        raise _refused(f"The {name} is not JSON in base64.") from None


def _refused(message: str) -> RefusedError:
    return RefusedError("BadRequestException", message, 400)
