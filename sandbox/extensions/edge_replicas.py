"""The replicas of Lambda@Edge functions, which outlive the distributions that made them.

CloudFront copies a version to its regional edge caches when a distribution names it, whether that is enabled or not.
The copies go some hours after the last distribution that named it names another or is deleted, and until then Lambda
deletes neither the version nor its function ("Delete Lambda@Edge functions and replicas" in the Amazon CloudFront
Developer Guide).
"""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from aiohttp import web

from sandbox.control_body import sent
from sandbox.extensions.call import AwsError, Call, Scope, Upstream
from sandbox.extensions.cloudfront_distributions import behaviours, items
from sandbox.extensions.lambda_versions import named

_LINGER = 2 * 3600.0  # seconds: "typically within a few hours"
_HOME = "us-east-1"  # of CloudFront and of all functions that it replicates


class EdgeReplicas:
    """Which versions have replicas.

    Args:
        now: a clock in simulated seconds; how long replicas linger is by it.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._linger = _LINGER
        self._left: dict[str, float] = {}  # version's ARN -> when a distribution last ceased to name it

    async def note(self, call: Call, upstream: Upstream) -> None:
        """Before a distribution changes or goes: what it names has replicas that linger from now on.

        Where AWS then refuses the change, the distribution still names it, which counts for more.
        """
        config = await _config(call, upstream, call.parameters["Id"])
        self._left |= dict.fromkeys(_versions(config), self._now())

    async def refuse(self, call: Call, upstream: Upstream) -> None:
        """Refuses to delete a version that has replicas, and a function of which one has."""
        if call.scope.region != _HOME:
            return
        name, qualifier = named(call)
        function = f"arn:aws:lambda:{_HOME}:{call.scope.account}:function:{name}:"
        replicated = [version async for version in self._replicated(call, upstream) if version.startswith(function)]
        for version in sorted(replicated):
            if qualifier in (None, version.removeprefix(function)):
                raise AwsError(
                    "InvalidParameterValueException",
                    f"Lambda was unable to delete {version} because it is a replicated function. Please see our "
                    "documentation for Deleting Lambda@Edge Functions and Replicas.",
                )

    async def _replicated(self, call: Call, upstream: Upstream) -> AsyncIterator[str]:
        for version in self._lingering():
            yield version
        listed = await upstream(_cloudfront(call), "ListDistributions")
        for distribution in items(listed["DistributionList"]):
            for version in _versions(distribution):
                yield version

    def _lingering(self) -> dict[str, float]:
        """Version -> the simulated seconds for which its replicas linger yet."""
        now = self._now()
        ends = {version: left + self._linger - now for version, left in self._left.items()}
        return {version: seconds for version, seconds in ends.items() if seconds > 0}

    @property
    def controls(self) -> list[web.RouteDef]:
        """The control's resource, for the gateway to serve."""
        return [web.get("/_sandbox/replicas", self._show), web.put("/_sandbox/replicas", self._control)]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response({"linger": self._linger, "lingering": self._lingering()})

    async def _control(self, request: web.Request) -> web.Response:
        try:
            match await sent(request):
                case {"linger": int() | float() as linger, **more} if not (
                    more or isinstance(linger, bool) or linger < 0
                ):
                    self._linger = float(linger)
                case _:
                    raise ValueError  # noqa: TRY301 - one answer for all that is wrong
        except ValueError:
            message = 'Send {"linger": seconds}: for how long replicas outlive the last distribution that named them.'
            return web.json_response({"message": message}, status=400)
        return await self._show(request)


async def _config(call: Call, upstream: Upstream, distribution: str) -> Mapping[str, Any]:
    """The distribution's configuration; an empty one where there is no such distribution."""
    try:
        answer = await upstream(_cloudfront(call), "GetDistributionConfig", Id=distribution)
    except AwsError as error:
        if error.code != "NoSuchDistribution":
            raise
        return {}
    config: Mapping[str, Any] = answer["DistributionConfig"]
    return config


def _cloudfront(call: Call) -> Scope:
    return Scope(call.scope.account, _HOME, "cloudfront")


def _versions(config: Mapping[str, Any]) -> Iterator[str]:
    """The ARNs of the Lambda functions that a distribution's configuration, or its summary, names."""
    for behaviour in behaviours(config):
        for association in items(behaviour.get("LambdaFunctionAssociations")):
            yield association["LambdaFunctionARN"]
