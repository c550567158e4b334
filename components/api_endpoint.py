"""A region's API, as what calls it from within its region needs to know it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components import iam
from components.topology import Region


@dataclass(frozen=True, kw_only=True)
class ApiEndpoint:
    """The API at AppSync's own host, which is the one that takes IAM signatures."""

    region: Region
    account_id: pulumi.Input[str]
    api_id: pulumi.Output[str]
    api_arn: pulumi.Output[str]
    graphql_url: pulumi.Output[str]

    def grant_mutations(self, fields: Sequence[str]) -> iam.Statement:
        """Calling these mutations and nothing else of the API."""
        return iam.allow(
            ["appsync:GraphQL"],
            [pulumi.Output.concat(self.api_arn, "/types/Mutation/fields/", field) for field in fields],
        )
