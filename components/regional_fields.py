"""What answers the fields of a region's API: a function, or AppSync itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import iam

_JAVASCRIPT: aws.appsync.ResolverRuntimeArgsDict = {"name": "APPSYNC_JS", "runtime_version": "1.0.0"}


@dataclass(frozen=True)
class RegionalFields:
    """The data sources and resolvers of the API `api_id`, in AWS's `region`; all are named after `name`.

    Fields are "Type.field".
    """

    name: str
    api_id: pulumi.Input[str]
    region: str
    opts: pulumi.ResourceOptions

    def of_function(
        self,
        allowed: pulumi.Input[str],
        function: pulumi.Input[str],
        role: aws.iam.Role,
        codes: Mapping[str, str | None],
    ) -> None:
        """Fields that a function answers, by the code that AppSync runs before and after it.

        With no code AppSync hands its whole context to the function, and the function's result to the client ("Direct
        Lambda resolvers" in the AWS AppSync Developer Guide).

        Args:
            allowed: the ARN of the function as far as it is known before the function is.
            function: the function's ARN.
            role: is allowed to invoke it.
            codes: by field.
        """
        policy = aws.iam.RolePolicy(
            f"{self.name}-source-policy",
            role=role.name,
            policy=iam.policy([iam.allow(["lambda:InvokeFunction"], [allowed])]),
            opts=self.opts,
        )
        source = self._source(
            "resolvers",
            "source",
            pulumi.ResourceOptions.merge(self.opts, pulumi.ResourceOptions(depends_on=[policy])),
            type="AWS_LAMBDA",
            lambda_config={"function_arn": function},
            service_role_arn=role.arn,
        )
        self._resolve(source, codes)

    def of_appsync(self, source_name: str, codes: Mapping[str, str]) -> None:
        """Fields that write nothing, and what AppSync does for each: it tells subscribers, or ends them."""
        if codes:
            self._resolve(self._source(source_name, source_name, self.opts, type="NONE"), codes)

    def _source(
        self, source_name: str, suffix: str, opts: pulumi.ResourceOptions, **settings: Any
    ) -> aws.appsync.DataSource:
        return aws.appsync.DataSource(
            f"{self.name}-{suffix}", api_id=self.api_id, name=source_name, region=self.region, opts=opts, **settings
        )

    def _resolve(self, source: aws.appsync.DataSource, codes: Mapping[str, str | None]) -> None:
        for target, code in codes.items():
            kind, field = target.split(".")
            aws.appsync.Resolver(
                f"{self.name}-{kind}-{field}",
                api_id=self.api_id,
                type=kind,
                field=field,
                kind="UNIT",
                data_source=source.name,
                runtime=_JAVASCRIPT if code else None,
                code=code,
                region=self.region,
                opts=self.opts,
            )
