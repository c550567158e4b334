"""What the CloudFront Function goes by: which regions are near each edge location."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import edge_orders
from components.topology import Topology

_AT_ONCE = 50  # keys; "Quotas on key value stores" in the Amazon CloudFront Developer Guide


@dataclass(frozen=True, kw_only=True)
class EdgeStoreArgs:
    """`live` maps a region's key to what must be up before any request is sent there."""

    topology: Topology
    store_arn: pulumi.Input[str]
    live: Mapping[str, Sequence[pulumi.Resource]]


class EdgeStore(pulumi.ComponentResource):
    """All keys of the store, which come last: a new region is in the function's table before, and near to nobody.

    A region that goes is out of that table first, so that what the store still says of it counts no more.
    """

    def __init__(self, name: str, args: EdgeStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:EdgeStore", name, {}, opts)
        serving = args.topology.serving
        aws.cloudfront.KeyvaluestoreKeysExclusive(
            f"{name}-keys",
            key_value_store_arn=args.store_arn,
            max_batch_size=_AT_ONCE,
            resource_key_value_pairs=[
                {"key": place, "value": order} for place, order in sorted(edge_orders.stored(serving).items())
            ],
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[each for region in serving for each in args.live[region.key]]
            ),
        )
        self.register_outputs({"storeArn": args.store_arn})
