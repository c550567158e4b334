"""What planted faults do to calls of AWS APIs."""

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from aiohttp import web
from botocore.model import OperationModel

from sandbox.extensions.call import AwsError, Scope
from sandbox.faults.state import Faults
from sandbox.streams.writes import table_name

_BREATH_SECONDS = 1.0

# How services word that there were too many requests, the more particular first.
_TOO_MANY = (
    "ProvisionedThroughputExceededException",
    "TooManyRequestsException",
    "RequestThrottled",
    "ThrottledException",
    "ThrottlingException",
)
# "Common Errors", which the references of most services have; and "Quotas" in the Route 53 Developer Guide.
_THROTTLED = ("ThrottlingException", "The request was denied due to request throttling.", 400)
_ROUTE_53 = ("Throttling", "Rate exceeded", 400)
_STATEMENT_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?([\w.-]+)", re.IGNORECASE)


class NoAnswerError(Exception):
    """The connection is ended in the place of an answer."""


class CallFaults:
    """Comes before each call of a client or a function; `chance` gives numbers from 0 up to 1."""

    def __init__(self, faults: Faults, chance: Callable[[], float] = random.random) -> None:
        self._faults = faults
        self._chance = chance

    async def meet(
        self,
        request: web.Request,
        scope: Scope,
        operation: OperationModel | None,
        parameters: Callable[[], dict[str, Any]],
    ) -> None:
        """Lets a call go on, or not.

        Raises:
            NoAnswerError: its region is down; where that hangs, only when it is up again or the caller has gone.
            AwsError: what the caller gets from a region that is up.
        """
        await self.reach(request, scope.region)
        now = self._faults.now
        if now.control_plane_is_down(scope.service):
            message = f"The API of {scope.service} takes no calls."
            raise AwsError("ServiceUnavailable", message, HTTPStatus.SERVICE_UNAVAILABLE)
        if any(self._chance() < fault.rate for fault in now.throttling(scope.service, scope.region)):
            raise throttled(scope.service, operation)
        if scope.service == "dynamodb" and operation is not None:
            for table in tables_of(parameters()):
                if now.is_lost(scope.region, table):
                    message = f"Requested resource not found: Table: {table} not found"
                    raise AwsError("ResourceNotFoundException", message)

    async def reach(self, request: web.Request, region: str) -> None:
        """Lets a request to a region go on, or not.

        Raises:
            NoAnswerError: see `meet`.
        """
        if not self._faults.now.is_down(region):
            return
        while self._hangs(region) and request.transport is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BREATH_SECONDS):  # nothing tells when the caller goes
                    await self._faults.until(lambda _: not self._hangs(region))
        if request.transport is not None:
            request.transport.abort()
        raise NoAnswerError

    def _hangs(self, region: str) -> bool:
        fault = self._faults.now.region_down(region)
        return fault is not None and fault.hanging


def throttled(service: str, operation: OperationModel | None) -> AwsError:
    """The error by which the service refuses a call as one too many: the operation's own if it has one."""
    if service == "route53":
        return AwsError(*_ROUTE_53)
    own = {shape.error_code: shape for shape in operation.error_shapes} if operation else {}
    for code in _TOO_MANY:
        if code in own:
            status = own[code].metadata.get("error", {}).get("httpStatusCode", HTTPStatus.BAD_REQUEST)
            return AwsError(code, "Rate exceeded", status)
    return AwsError(*_THROTTLED)


def tables_of(parameters: dict[str, Any]) -> set[str]:
    """The names of the tables that a DynamoDB call reads, writes or describes."""
    given = [parameters.get("TableName"), parameters.get("ResourceArn"), *parameters.get("RequestItems", {})]
    for item in parameters.get("TransactItems", []):
        given += [action.get("TableName") for action in item.values()]
    for statement in (parameters, *parameters.get("Statements", []), *parameters.get("TransactStatements", [])):
        given += _STATEMENT_TABLE.findall(statement.get("Statement", ""))
    return {table_name(name) for name in given if name}
