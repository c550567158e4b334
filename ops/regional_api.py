"""A region's own API, called past the edge and DNS, at AppSync's own host and with the operator's credentials."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from ops.deployment import Deployment
from ops.errors import OperationError

_PATIENCE = (3, 30)  # seconds for a connection, and for an answer, which AppSync gives within 30
_OK = 200
_REFUSED = (401, 403)


class NoAnswerError(Exception):
    """The region's API gave no answer that it gives when it works; the text says what came instead."""


def mutate(deployment: Deployment, key: str, document: str, variables: Mapping[str, Any]) -> Any:
    """The data that a mutation of the region's API answers with, called once.

    Raises:
        NoAnswerError: the region is down, or its API fails.
        OperationError: the API answers, and refuses: the operator may not call it, or there is no such mutation.
    """
    url, region = deployment.told("apis")[key]["url"], deployment.regions[key]
    body = json.dumps({"query": document, "variables": variables}).encode()
    request = AWSRequest("POST", url, {"Content-Type": "application/json"}, body)
    # A client tells nobody else whose credentials it has, and these are the ones that belong to this stack's AWS.
    signer = deployment.clients("appsync", region)._request_signer  # noqa: SLF001
    try:
        signer.sign("GraphQL", request, region_name=region, signing_name="appsync")
        session = URLLib3Session(timeout=_PATIENCE, proxies=get_environ_proxies(url))
        answer = session.send(request.prepare())
    except (BotoCoreError, HTTPClientError) as error:
        raise NoAnswerError(str(error)) from error
    if answer.status_code != _OK and answer.status_code not in _REFUSED:
        raise NoAnswerError(f"HTTP {answer.status_code}")
    try:
        told = json.loads(answer.content)
    except ValueError:
        told = {}
    if answer.status_code != _OK or told.get("errors"):
        raise _refusal(key, url, answer.status_code, told)
    return told.get("data")


def _refusal(key: str, url: str, status: int, told: Mapping[str, Any]) -> OperationError:
    said = "; ".join(str(error.get("message")) for error in told.get("errors", ())) or f"HTTP {status}"
    return OperationError(
        f"The API of {key} refuses the mutation at {url}: {said}.",
        "Whoever runs this needs appsync:GraphQL on the API's mutations, and what is deployed must be of this version: "
        "see to both, then run the same command again.",
    )
