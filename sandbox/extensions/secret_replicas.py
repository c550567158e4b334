"""Secrets Manager's RemoveRegionsFromReplication, composed of operations that the emulator has.

A replica can be deleted by none of them but one: replication that overwrites it. So each replica is overwritten
from a passing secret of the same name, which lives in a region that nobody uses, and goes away together with it.
"""

from dataclasses import replace
from typing import Any

from sandbox.extensions.call import Call, Upstream

_PASSING_REGION = "sandbox-passing-1"


async def remove_regions(call: Call, upstream: Upstream) -> dict[str, Any]:
    secret = call.parameters["SecretId"]
    described = await upstream(call.scope, "DescribeSecret", SecretId=secret)
    present = {status["Region"] for status in described.get("ReplicationStatus", [])}
    going = [region for region in call.parameters["RemoveReplicaRegions"] if region in present]
    if going:
        passing = replace(call.scope, region=_PASSING_REGION)
        name = described["Name"]
        await upstream(passing, "CreateSecret", Name=name, SecretString="")
        try:
            await upstream(
                passing,
                "ReplicateSecretToRegions",
                SecretId=name,
                AddReplicaRegions=[{"Region": region} for region in going],
                ForceOverwriteReplicaSecret=True,
            )
        finally:
            await upstream(passing, "DeleteSecret", SecretId=name, ForceDeleteWithoutRecovery=True)
        described = await upstream(call.scope, "DescribeSecret", SecretId=secret)
    return {"ARN": described["ARN"], "ReplicationStatus": described.get("ReplicationStatus", [])}
