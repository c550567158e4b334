"""A CloudFront Function: JavaScript that every edge location runs on a viewer's request, in less than a millisecond."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

_RUNTIME = "cloudfront-js-2.0"


@dataclass(frozen=True, kw_only=True)
class EdgeFunctionArgs:
    """With `has_store`, the function may read a key value store of its own."""

    code: str
    comment: str
    has_store: bool = False


class EdgeFunction(pulumi.ComponentResource):
    """The function in its live stage, which takes the place of the one before at each edge location at once."""

    arn: pulumi.Output[str]
    store_arn: pulumi.Output[str] | None

    def __init__(self, name: str, args: EdgeFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:EdgeFunction", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)

        self.store_arn = None
        if args.has_store:
            store = aws.cloudfront.KeyValueStore(f"{name}-store", comment=args.comment, opts=child_opts)
            self.store_arn = store.arn
        function = aws.cloudfront.Function(
            f"{name}-script",
            runtime=_RUNTIME,
            comment=args.comment,
            code=args.code,
            publish=True,
            key_value_store_associations=None if self.store_arn is None else [self.store_arn],
            opts=child_opts,
        )
        self.arn = function.arn
        self.register_outputs({"arn": self.arn, "storeArn": self.store_arn})
