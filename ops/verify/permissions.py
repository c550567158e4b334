"""Who may do what: IAM's own verdict on a role, and the policies of functions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from ops.verify.site import Site

_NO_POLICY = "ResourceNotFoundException"


def refused(site: Site, role: str, action: str, resources: Sequence[str]) -> list[str]:
    """Those of `resources` on which IAM does not let the role `role` (an ARN) do `action`.

    By SimulatePrincipalPolicy: the role's own policies, boundary and the organization's, not those of the resources.
    """
    iam = site.client("iam")

    def decision(resource: str) -> str:
        # One at a time, for with several the answer's shape is another.
        answer = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource])
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    return [resource for resource in resources if decision(resource) != "allowed"]


def function_policy(functions: Any, name: str) -> Mapping[str, Any]:
    """The policy of the function itself, which says who may call it; empty where it has none."""
    try:
        return dict(json.loads(functions.get_policy(FunctionName=name)["Policy"]))
    except ClientError as error:
        if error.response["Error"]["Code"] != _NO_POLICY:
            raise
        return {}


def statements(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a policy, of which IAM writes a single one without a list."""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)
