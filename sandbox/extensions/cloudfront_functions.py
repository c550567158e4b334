"""What CloudFront refuses of functions, and the emulator takes."""

from typing import Any

from sandbox.extensions.call import AwsError, Call, Upstream

_LARGEST = 10_240  # bytes: "Quotas on CloudFront Functions" in the CloudFront Developer Guide
_WITH_STORES = "cloudfront-js-2.0"


async def refuse_function(call: Call, upstream: Upstream) -> None:
    """Refuses code beyond the quota, and key value stores that the function cannot read."""
    size = len(call.parameters.get("FunctionCode", b""))
    if size > _LARGEST:
        raise AwsError(
            "FunctionSizeLimitExceeded", f"The function has {size} bytes of code, and may have {_LARGEST}.", 413
        )
    config = call.parameters.get("FunctionConfig", {})
    stores = [item["KeyValueStoreARN"] for item in config.get("KeyValueStoreAssociations", {}).get("Items", [])]
    if len(stores) > 1:
        raise AwsError("InvalidArgument", f"The function has {len(stores)} key value stores, and may have one.")
    if stores and config.get("Runtime") != _WITH_STORES:
        raise AwsError("InvalidArgument", f"Key value stores need the runtime {_WITH_STORES}.")
    for store in stores:
        try:
            await upstream(call.scope, "DescribeKeyValueStore", Name=store.rpartition("/")[2])
        except AwsError as error:
            if error.code != "EntityNotFound":
                raise
            raise AwsError("InvalidArgument", f"There is no key value store {store}.") from error


async def refuse_deletion(call: Call, upstream: Upstream) -> None:
    """Refuses to delete a function that a distribution runs."""
    name = call.parameters["Name"]
    listed = (await upstream(call.scope, "ListDistributions"))["DistributionList"].get("Items", [])
    for summary in listed:
        behaviors = (summary["DefaultCacheBehavior"], *summary.get("CacheBehaviors", {}).get("Items", []))
        if any(_runs(behavior, name) for behavior in behaviors):
            raise AwsError(
                "FunctionInUse", f"The function {name} is associated with the distribution {summary['Id']}.", 409
            )


def _runs(behavior: dict[str, Any], name: str) -> bool:
    associations = behavior.get("FunctionAssociations", {}).get("Items", [])
    return any(association["FunctionARN"].endswith(f":function/{name}") for association in associations)
