"""Lambda's event source mappings of DynamoDB streams: kept and run here, and unknown to the emulator.

Its own poller knows no partial batch responses, no bisection and no bound of retries.
"""

import asyncio
import time
import uuid
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.cloudwatch.function_metrics import FunctionMetrics
from sandbox.extensions.call import AwsError, Call, Handler, Scope, Upstream
from sandbox.streams import mapping as mappings
from sandbox.streams.trigger import Invoke, Trigger
from sandbox.streams.writes import Place


class StreamTriggers:
    """The mappings of all accounts; functions are invoked by `invoke`."""

    def __init__(self, upstream: Upstream, invoke: Invoke, metrics: FunctionMetrics | None = None) -> None:
        self._upstream = upstream
        self._invoke = invoke
        self._metrics = metrics or FunctionMetrics()
        self._triggers: dict[str, Trigger] = {}
        self._modified: dict[str, float] = {}

    @property
    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("lambda", "CreateEventSourceMapping"): self._create,
            ("lambda", "GetEventSourceMapping"): self._get,
            ("lambda", "ListEventSourceMappings"): self._list,
            ("lambda", "UpdateEventSourceMapping"): self._update,
            ("lambda", "DeleteEventSourceMapping"): self._delete,
        }

    async def stop(self) -> None:
        """Ends the pollers; what a function is working on is not settled."""
        await asyncio.gather(*(trigger.stop() for trigger in self._triggers.values()))

    def wake(self, place: Place) -> None:
        """Says that items of this table may have been written."""
        for trigger in self._triggers.values():
            own = trigger.mapping
            if (own.account, own.region, own.table) == place:
                trigger.wake()

    async def show(self, _: web.Request) -> web.Response:
        """Every mapping with what is still to be settled of its stream."""
        return web.json_response([await _show(trigger) for trigger in self._triggers.values()])

    async def _create(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        function = await _function_arn(call, upstream)
        made = mappings.create(str(uuid.uuid4()), function, call.parameters)
        for trigger in self._triggers.values():
            if (trigger.mapping.stream_arn, trigger.mapping.function_arn) == (made.stream_arn, made.function_arn):
                raise AwsError(
                    "ResourceConflictException",
                    f'The event source arn (" {made.stream_arn} ") and function (" {function} ") provided mapping '
                    f"already exists. Please update or delete the existing mapping with UUID {trigger.mapping.uuid}",
                    409,
                )
        await _require_stream(call.scope, made.stream_arn, upstream)
        trigger = Trigger(made, self._upstream, self._invoke, self._metrics)
        await trigger.start()
        self._triggers[made.uuid] = trigger
        return self._touched(trigger, "Creating")

    async def _get(self, call: Call, _: Upstream) -> dict[str, Any]:
        return self._describe(self._own(call))

    async def _list(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        found = [trigger for trigger in self._triggers.values() if _is_in(call.scope, trigger)]
        if stream := call.parameters.get("EventSourceArn"):
            found = [trigger for trigger in found if trigger.mapping.stream_arn == stream]
        if "FunctionName" in call.parameters:
            function = await _function_arn(call, upstream)
            found = [trigger for trigger in found if trigger.mapping.function_arn == function]
        return {"EventSourceMappings": [self._describe(trigger) for trigger in found]}

    async def _update(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        trigger = self._own(call)
        changed = trigger.mapping.changed(call.parameters)
        if "FunctionName" in call.parameters:
            changed = changed.invoking(await _function_arn(call, upstream))
        trigger.mapping = changed
        trigger.wake()
        return self._touched(trigger, "Updating")

    async def _delete(self, call: Call, _: Upstream) -> dict[str, Any]:
        trigger = self._own(call)
        del self._triggers[trigger.mapping.uuid]
        await trigger.stop()
        answer = self._touched(trigger, "Deleting")
        del self._modified[trigger.mapping.uuid]
        return answer

    def _own(self, call: Call) -> Trigger:
        trigger = self._triggers.get(call.parameters["UUID"])
        if trigger is None or not _is_in(call.scope, trigger):
            raise AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
        return trigger

    def _touched(self, trigger: Trigger, state: str) -> dict[str, Any]:
        self._modified[trigger.mapping.uuid] = time.time()
        return self._describe(trigger) | {"State": state}

    def _describe(self, trigger: Trigger) -> dict[str, Any]:
        return trigger.mapping.describe() | {
            "State": _state(trigger),
            "StateTransitionReason": "USER_INITIATED",
            "LastProcessingResult": trigger.last_result,
            "LastModified": self._modified[trigger.mapping.uuid],
        }


def _state(trigger: Trigger) -> str:
    return "Enabled" if trigger.mapping.is_enabled else "Disabled"


def _is_in(scope: Scope, trigger: Trigger) -> bool:
    return (trigger.mapping.account, trigger.mapping.region) == (scope.account, scope.region)


async def _show(trigger: Trigger) -> dict[str, Any]:
    pending = await trigger.pending()
    return {
        "uuid": trigger.mapping.uuid,
        "function": trigger.mapping.function_arn,
        "stream": trigger.mapping.stream_arn,
        "state": _state(trigger),
        "lastProcessingResult": trigger.last_result,
        "pendingRecords": pending,
        "iteratorAgeSeconds": trigger.iterator_age(time.time()),
    }


async def _function_arn(call: Call, upstream: Upstream) -> str:
    answer = await upstream(call.scope, "GetFunction", FunctionName=call.parameters["FunctionName"])
    return str(answer["Configuration"]["FunctionArn"])


async def _require_stream(scope: Scope, arn: str, upstream: Upstream) -> None:
    try:
        await upstream(Scope(scope.account, scope.region, "dynamodbstreams"), "DescribeStream", StreamArn=arn)
    except AwsError:
        raise AwsError("InvalidParameterValueException", f"Stream not found: {arn}") from None
