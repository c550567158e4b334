"""AppSync refuses a second data source or resolver of the same name; the emulator overwrites the first."""

from typing import Any

from sandbox.extensions.call import AwsError, Call, Upstream


async def refuse_data_source(call: Call, upstream: Upstream) -> dict[str, Any] | None:
    api, name = call.parameters["apiId"], call.parameters["name"]
    if await _exists(call, upstream, "GetDataSource", apiId=api, name=name):
        raise AwsError("BadRequestException", f"Data source with name {name} already exists.")
    return None


async def refuse_resolver(call: Call, upstream: Upstream) -> dict[str, Any] | None:
    api, kind, field = (call.parameters[key] for key in ("apiId", "typeName", "fieldName"))
    if await _exists(call, upstream, "GetResolver", apiId=api, typeName=kind, fieldName=field):
        raise AwsError(
            "BadRequestException", f"Only one resolver is allowed per field: {kind}.{field} has one already."
        )
    return None


async def _exists(call: Call, upstream: Upstream, operation: str, **parameters: str) -> bool:
    try:
        await upstream(call.scope, operation, **parameters)
    except AwsError as error:
        if error.code == "NotFoundException":
            return False
        raise
    return True
