"""IAM documents, written so that each says what it allows in one line."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

Statement = dict[str, Any]


def allow(
    actions: Sequence[str], resources: Sequence[pulumi.Input[str]], condition: Mapping[str, Any] | None = None
) -> Statement:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return statement if condition is None else {**statement, "Condition": condition}


def leading_keys(*patterns: str) -> dict[str, Any]:
    """The condition that a call to DynamoDB is for items whose partition key fits one of the patterns, and no others.

    Source: "Using IAM policy conditions for fine-grained access control" in the Amazon DynamoDB Developer Guide.
    """
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(patterns)}}


def policy(statements: Sequence[Statement]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)}, sort_keys=True)


def trust(*services: str) -> str:
    """A trust policy for AWS services, such as `lambda.amazonaws.com`."""
    return json.dumps(_trust(services), sort_keys=True)


def trust_for_account(service: str, account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """A trust policy for a service that acts for many accounts: it may use the role for this account alone.

    Source: "The confused deputy problem" in the AWS Identity and Access Management User Guide.
    """
    document = _trust([service])
    document["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceAccount": account_id}}
    return pulumi.Output.json_dumps(document, sort_keys=True)


def _trust(services: Sequence[str]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": sorted(services)}, "Action": "sts:AssumeRole"}],
    }
