"""EventBridge's AppSync targets, which the emulator does not invoke; everything else of EventBridge is its own.

Source: EventBridge User Guide, "AWS AppSync as a target" and "Using dead-letter queues to process undelivered events".
They do not say which errors in an answer of status 200 EventBridge tries again. Here: all but those that no retry can
mend, that the role may not call the field and that the operation was never executed.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sandbox.event_input import InvalidInputError, target_input
from sandbox.extensions.call import AwsError, Call, Handler, Scope, Upstream
from sandbox.roles import Roles

log = logging.getLogger(__name__)

_API = ":endpoints/graphql-api/"
_RETRIES = 185
_AGE_SECONDS = 24 * 60 * 60
_SECONDS = 30

# EventBridge backs off over 24 hours and does not say how; nobody waits for that here. In seconds.
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_DOUBLINGS = 6


class DeliveryError(Exception):
    """A target was not invoked: EventBridge's code for why, and whether it is tried again."""

    def __init__(self, code: str, message: str, *, is_final: bool) -> None:
        super().__init__(message)
        self.code = code
        self.is_final = is_final


@dataclass(frozen=True)
class Delivery:
    """An event on its way from a rule to an AppSync target; `endpoint` is where AWS is."""

    scope: Scope
    event: dict[str, Any]
    rule: dict[str, Any]
    target: dict[str, Any]
    endpoint: str

    @property
    def url(self) -> str:
        return f"{self.endpoint}/v1/apis/{self.target['Arn'].rpartition('/')[2]}/graphql"

    @property
    def region(self) -> str:
        return str(self.target["Arn"].split(":")[3])


class EventBuses:
    """Delivers what PutEvents brings to AppSync targets, with the credentials of each target's role."""

    def __init__(self, upstream: Upstream, roles: Roles) -> None:
        self._upstream = upstream
        self._roles = roles
        self._deliveries: set[asyncio.Task[None]] = set()

    @property
    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {("events", "PutEvents"): self._put}

    async def stop(self) -> None:
        """Ends what is still on its way."""
        for task in self._deliveries:
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)

    async def _put(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        answer = await upstream(call.scope, "PutEvents", **call.parameters)
        for entry, result in zip(call.parameters["Entries"], answer["Entries"], strict=True):
            if "EventId" in result:
                task = asyncio.create_task(self._dispatch(call, entry, result["EventId"]))
                self._deliveries.add(task)
                task.add_done_callback(self._deliveries.discard)
        return answer

    async def _dispatch(self, call: Call, entry: dict[str, Any], id_: str) -> None:
        """Sends an event to each AppSync target of each rule that it matches."""
        bus = entry.get("EventBusName", "default").rpartition("event-bus/")[2]
        event = envelope(call.scope, entry, id_)
        try:
            deliveries = [
                Delivery(call.scope, event, rule, target, call.endpoint)
                for rule in await self._matching(call.scope, bus, event)
                for target in await self._targets(call.scope, bus, rule)
            ]
        except (AwsError, aiohttp.ClientError):
            log.exception("the rules of the bus %s could not be read: event %s is not delivered", bus, id_)
            return
        await asyncio.gather(*(self._deliver(delivery) for delivery in deliveries))

    async def _matching(self, scope: Scope, bus: str, event: dict[str, Any]) -> list[dict[str, Any]]:
        rules = (await self._upstream(scope, "ListRules", EventBusName=bus))["Rules"]
        text = json.dumps(event)
        return [
            rule
            for rule in rules
            if rule["State"] == "ENABLED"
            and (pattern := rule.get("EventPattern"))
            and (await self._upstream(scope, "TestEventPattern", EventPattern=pattern, Event=text))["Result"]
        ]

    async def _targets(self, scope: Scope, bus: str, rule: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self._upstream(scope, "ListTargetsByRule", Rule=rule["Name"], EventBusName=bus)
        return [target for target in answer["Targets"] if _API in target["Arn"]]

    async def _deliver(self, delivery: Delivery) -> None:
        policy = delivery.target.get("RetryPolicy", {})
        retries = policy.get("MaximumRetryAttempts", _RETRIES)
        until = time.monotonic() + policy.get("MaximumEventAgeInSeconds", _AGE_SECONDS)
        attempt = 0
        while True:
            try:
                await self._invoke(delivery)
            except DeliveryError as error:
                exhausted = "MaximumRetryAttempts" if attempt >= retries else None
                exhausted = "MaximumEventAgeInSeconds" if time.monotonic() >= until else exhausted
                if error.is_final or exhausted:
                    await self._give_up(delivery, error, attempt, None if error.is_final else exhausted)
                    return
            else:
                return
            await asyncio.sleep(min(_FIRST_PAUSE * 2 ** min(attempt, _DOUBLINGS), _LONGEST_PAUSE))
            attempt += 1

    async def _invoke(self, delivery: Delivery) -> None:
        try:
            variables = target_input(delivery.target, delivery.event, delivery.rule, delivery.event["time"])
        except InvalidInputError as error:
            raise DeliveryError("INVALID_JSON", str(error), is_final=True) from None
        operation = delivery.target["AppSyncParameters"]["GraphQLOperation"]
        body = json.dumps({"query": operation, "variables": variables}).encode()
        headers = self._signed(delivery, body)
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_SECONDS)) as session,
                session.post(delivery.url, data=body, headers=headers) as answer,
            ):
                require_success(answer.status, await answer.text())
        except TimeoutError:
            raise DeliveryError("TIMEOUT", f"no answer within {_SECONDS} seconds", is_final=False) from None
        except aiohttp.ClientError as error:
            raise DeliveryError("CONNECTION_FAILURE", str(error), is_final=False) from None

    def _signed(self, delivery: Delivery, body: bytes) -> dict[str, str]:
        own = self._roles.credentials(delivery.target["RoleArn"])
        credentials = Credentials(own.access_key_id, own.secret_access_key)
        request = AWSRequest("POST", delivery.url, {"Content-Type": "application/json"}, body)
        SigV4Auth(credentials, "appsync", delivery.region).add_auth(request)
        return dict(request.headers.items())

    async def _give_up(self, delivery: Delivery, error: DeliveryError, retries: int, exhausted: str | None) -> None:
        log.warning("rule %s did not reach its target: %s %s", delivery.rule["Arn"], error.code, error)
        arn = delivery.target.get("DeadLetterConfig", {}).get("Arn")
        if arn is None:
            return
        attributes = {
            "RULE_ARN": delivery.rule["Arn"],
            "TARGET_ARN": delivery.target["Arn"],
            "ERROR_CODE": error.code,
            "ERROR_MESSAGE": str(error),
            "RETRY_ATTEMPTS": str(retries),
        }
        if exhausted:
            attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted
        scope = replace(delivery.scope, region=arn.split(":")[3], service="sqs")
        try:
            queue = await self._upstream(scope, "GetQueueUrl", QueueName=arn.rpartition(":")[2])
            await self._upstream(
                scope,
                "SendMessage",
                QueueUrl=queue["QueueUrl"],
                MessageBody=json.dumps(delivery.event),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
        except (AwsError, aiohttp.ClientError):
            log.exception("event %s is lost: the dead-letter queue %s did not take it", delivery.event["id"], arn)


def envelope(scope: Scope, entry: dict[str, Any], id_: str) -> dict[str, Any]:
    """An event as EventBridge delivers it, of an entry of PutEvents."""
    given = entry.get("Time")
    moment = datetime.fromtimestamp(given, UTC) if isinstance(given, int | float) else datetime.now(UTC)
    return {
        "version": "0",
        "id": id_,
        "detail-type": entry.get("DetailType", ""),
        "source": entry.get("Source", ""),
        "account": scope.account,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": scope.region,
        "resources": entry.get("Resources", []),
        "detail": json.loads(entry.get("Detail", "{}")),
    }


def require_success(status: int, body: str) -> None:
    """Raises `DeliveryError` for an answer of AppSync that is no success.

    An error inside an answer of status 200 is taken for a failure of the target that may pass, but for two: that the
    role may not call the field, and that the operation is not valid or its variables do not fit, such as a number where
    the mutation takes a text.
    """
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise DeliveryError("NO_PERMISSIONS", body, is_final=True)
    if status == HTTPStatus.NOT_FOUND:
        raise DeliveryError("NO_RESOURCE", body, is_final=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise DeliveryError("THROTTLING", body, is_final=False)
    if status >= HTTPStatus.BAD_REQUEST:
        is_ours = status < HTTPStatus.INTERNAL_SERVER_ERROR
        raise DeliveryError("INVALID_PARAMETER" if is_ours else "ERROR_FROM_TARGET", body, is_final=is_ours)
    errors = json.loads(body).get("errors") or []
    if any(error.get("errorType") == "Unauthorized" for error in errors):
        raise DeliveryError("NO_PERMISSIONS", body, is_final=True)
    if any(_is_request_error(error) for error in errors):
        raise DeliveryError("INVALID_PARAMETER", body, is_final=True)
    if errors:
        raise DeliveryError("ERROR_FROM_TARGET", body, is_final=False)


def _is_request_error(error: dict[str, Any]) -> bool:
    """Whether nothing was executed: it lies in no field ("Request Errors" in the GraphQL specification).

    What AppSync itself fails at lies in none either, and has a type.
    """
    return not error.get("path") and not error.get("errorType")
