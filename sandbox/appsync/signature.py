"""AWS's Signature Version 4 from the side of the service: whether a request was signed as its key's owner would.

Source: "Elements of an AWS API request signature" and "Troubleshoot Signature Version 4 signing" in the IAM User Guide.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from sandbox.appsync.errors import UnauthorizedError
from sandbox.roles import Credentials

SCHEME = "AWS4-HMAC-SHA256"
_SKEW_SECONDS = 300
_TIMESTAMP = "%Y%m%dT%H%M%SZ"
_AUTHORIZATION = re.compile(
    SCHEME + r"\s+Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request,"
    r"\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


def signer(
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str,
    region: str,
    find: Callable[[str], Credentials | None],
    now: datetime | None = None,
) -> Credentials:
    """Who signed this POST.

    Args:
        path: as it was sent, with its query string.
        headers: with lower-case names; `authorization` and `x-amz-date` are needed.
        body: the signature covers all of it.
        service: the one that was called, by its signing name.
        region: where it was called.
        find: the credentials of an access key id.
        now: the service's clock; the actual time where it is not given.

    Raises:
        UnauthorizedError: nobody that AWS knows did, not for this service here, or more than five minutes ago.
    """
    match = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    timestamp = headers.get("x-amz-date", "")
    if match is None:
        raise _refused("IncompleteSignatureException", "The Authorization header is not a complete signature.")
    covered = match["headers"].split(";")
    if not {"host", "x-amz-date"} <= set(covered) or not set(covered) <= set(headers):
        raise _refused("InvalidSignatureException", "A signature must cover host, x-amz-date and what else it names.")
    _require_current(timestamp, now or datetime.now(UTC))
    if (match["date"], match["region"], match["service"]) != (timestamp[:8], region, service):
        raise _refused(
            "InvalidSignatureException",
            f"Credential should be scoped to {timestamp[:8]}/{region}/{service}, "
            f"not to {match['date']}/{match['region']}/{match['service']}.",
        )
    credentials = find(match["key"])
    if credentials is None:
        raise _refused("UnrecognizedClientException", "The security token included in the request is invalid.")
    digest = hashlib.sha256(body).hexdigest()
    if headers.get("x-amz-content-sha256", digest) != digest:
        raise _refused("InvalidSignatureException", _MISMATCH)
    signed = {name: headers[name] for name in covered}
    request = AWSRequest("POST", f"https://{headers['host']}{path}", headers=signed, data=body)
    request.context["timestamp"] = timestamp
    expected = _Recomputation(credentials, service, region).of(request)
    if not hmac.compare_digest(expected, match["signature"]):
        raise _refused("InvalidSignatureException", _MISMATCH)
    return credentials


class _Recomputation(SigV4Auth):  # type: ignore[misc] # botocore ships no types
    """The signature of a request whose headers are those that its client chose to sign, whichever they are."""

    def __init__(self, credentials: Credentials, service: str, region: str) -> None:
        key = BotocoreCredentials(credentials.access_key_id, credentials.secret_access_key)
        super().__init__(key, service, region)

    def headers_to_sign(self, request: AWSRequest) -> Any:
        return request.headers

    def of(self, request: AWSRequest) -> str:
        return str(self.signature(self.string_to_sign(request, self.canonical_request(request)), request))


def _require_current(timestamp: str, now: datetime) -> None:
    try:
        signed_at = datetime.strptime(timestamp, _TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        raise _refused(
            "InvalidSignatureException", f"The x-amz-date {timestamp!r} is no date of the form 20261121T071500Z."
        ) from None
    seconds = (now - signed_at).total_seconds()
    if abs(seconds) > _SKEW_SECONDS:
        state = "expired" if seconds > 0 else "not yet current"
        raise _refused(
            "InvalidSignatureException",
            f"Signature {state}: {timestamp} is more than 5 minutes from {now.strftime(_TIMESTAMP)}.",
        )


def _refused(type_: str, message: str) -> UnauthorizedError:
    return UnauthorizedError(type_, message, status=403)
