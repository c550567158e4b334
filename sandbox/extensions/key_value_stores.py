"""CloudFront's key value stores: their quotas, and that nothing of a deleted one is left.

The emulator goes on serving the keys of a store that is gone, and gives them to the next one of that name.
"""

from dataclasses import replace
from typing import Any

from sandbox.extensions.call import AwsError, Call, Scope, Upstream

# "Quotas on key value stores" in the CloudFront Developer Guide, sizes in bytes.
_LONGEST_KEY = 512
_LONGEST_VALUE = 1024
_MOST_AT_ONCE = 50


async def clear(call: Call, upstream: Upstream) -> None:
    """Empties what a former store of the name has left, before a new one is made."""
    name = call.parameters["Name"]
    if await _exists(call.scope, name, upstream):
        return  # the emulator refuses the call
    scope = replace(call.scope, service="cloudfront-keyvaluestore")
    arn = f"arn:aws:cloudfront::{scope.account}:key-value-store/{name}"
    try:
        etag = (await upstream(scope, "DescribeKeyValueStore", KvsARN=arn))["ETag"]
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        return
    while left := (await upstream(scope, "ListKeys", KvsARN=arn, MaxResults=_MOST_AT_ONCE)).get("Items", []):
        deletes = [{"Key": item["Key"]} for item in left]
        etag = (await upstream(scope, "UpdateKeys", KvsARN=arn, IfMatch=etag, Deletes=deletes))["ETag"]


async def refuse_missing(call: Call, upstream: Upstream) -> None:
    """Refuses what is asked of a store that is gone."""
    arn = call.parameters["KvsARN"]
    if not await _exists(replace(call.scope, service="cloudfront"), arn.rpartition("/")[2], upstream):
        raise AwsError("ResourceNotFoundException", f"Key value store {arn} was not found.", 404)


async def refuse_keys(call: Call, upstream: Upstream) -> None:
    """Refuses keys and values beyond the quotas."""
    await refuse_missing(call, upstream)
    puts, deletes = _changes(call.parameters)
    if len(puts) + len(deletes) > _MOST_AT_ONCE:
        raise AwsError(
            "ValidationException",
            f"{len(puts) + len(deletes)} keys are changed at once; {_MOST_AT_ONCE} may be.",
        )
    for key, value in puts.items():
        if len(key.encode()) > _LONGEST_KEY or len(value.encode()) > _LONGEST_VALUE:
            raise AwsError(
                "ValidationException",
                f"The key {key} or its value is too long: keys have at most {_LONGEST_KEY} bytes, values "
                f"{_LONGEST_VALUE}.",
            )


def _changes(parameters: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """The values that UpdateKeys or PutKey sets, and the keys that it deletes."""
    if "Value" in parameters:
        return {parameters["Key"]: parameters["Value"]}, []
    puts = {item["Key"]: item["Value"] for item in parameters.get("Puts") or []}
    return puts, [item["Key"] for item in parameters.get("Deletes") or []]


async def _exists(scope: Scope, name: str, upstream: Upstream) -> bool:
    try:
        await upstream(scope, "DescribeKeyValueStore", Name=name)
    except AwsError as error:
        if error.code == "EntityNotFound":
            return False
        raise
    return True
