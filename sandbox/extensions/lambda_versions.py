"""The code of Lambda's published versions: the emulator hands out a function's newest for every one of them.

On AWS a version keeps the code that it was published with, until it or its function is deleted (AWS Lambda
documentation, "Manage Lambda function versions").
"""

import base64
import re
from typing import Any

from sandbox.extensions.call import Call, Upstream

# Where the gateway serves a package, by the hexadecimal SHA-256 of its content.
PATH = "/_sandbox/lambda-code/"

_NAME = re.compile(r"(?:.*:function:)?(?P<name>[^:]+)(?::(?P<qualifier>.+))?")

_Function = tuple[str, str, str]


class LambdaVersions:
    """Every package that was uploaded to a function, for as long as the function lives.

    A package that came by way of S3 is not among them; the emulator's newest is all that there is of it.
    """

    def __init__(self) -> None:
        self._packages: dict[_Function, dict[str, bytes]] = {}

    async def create(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        return await self._upload(call, upstream, call.parameters["Code"].get("ZipFile"))

    async def update(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        return await self._upload(call, upstream, call.parameters.get("ZipFile"))

    async def get(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        answer = await upstream(call.scope, call.operation, **call.parameters)
        configuration = answer["Configuration"]
        digest = _hexadecimal(configuration["CodeSha256"])
        if digest in self._packages.get(_function(call, configuration["FunctionName"]), {}):
            answer["Code"]["Location"] = f"{call.endpoint}{PATH}{digest}"
        return answer

    async def delete(self, call: Call, upstream: Upstream) -> dict[str, Any]:
        answer = await upstream(call.scope, call.operation, **call.parameters)
        name, qualifier = named(call)
        if qualifier is None:
            self._packages.pop(_function(call, name), None)
        return answer

    def package(self, digest: str) -> bytes | None:
        """The package of this hexadecimal SHA-256, or None where no function has it."""
        return next((packages[digest] for packages in self._packages.values() if digest in packages), None)

    async def _upload(self, call: Call, upstream: Upstream, package: str | None) -> dict[str, Any]:
        answer = await upstream(call.scope, call.operation, **call.parameters)
        if package is not None:
            packages = self._packages.setdefault(_function(call, answer["FunctionName"]), {})
            packages[_hexadecimal(answer["CodeSha256"])] = base64.b64decode(package)
        return answer


def named(call: Call) -> tuple[str, str | None]:
    """The function's plain name, and the version or alias of it, if one is named, that a call is about."""
    match = _NAME.fullmatch(call.parameters["FunctionName"])
    if match is None:
        return call.parameters["FunctionName"], call.parameters.get("Qualifier")
    return match["name"], match["qualifier"] or call.parameters.get("Qualifier")


def _function(call: Call, name: str) -> _Function:
    return call.scope.account, call.scope.region, name


def _hexadecimal(sha256: str) -> str:
    return base64.b64decode(sha256).hex()
