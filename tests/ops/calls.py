"""What operations ask of AWS, recorded, and what IAM would say to it of somebody who has a policy and no other.

To record on any stack, give its `Deployment` the clients `Recorder(clients)`; afterwards `refused(policy, its calls)`
has what the policy lacks, and `unused(...)` what it has and nobody needed.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate, fnmatch_iam_cs, parse_policy_document

from ops.clients import Clients
from ops.deployment import Deployment

_PREFIXES = {"resourcegroupstaggingapi": "tag"}  # where IAM's name of a service is not that of its client
_FREE = "sts:GetCallerIdentity"  # allowed to everybody
_OF_NO_RESOURCE = {  # by the Service Authorization Reference, and DescribeAlarms of composite alarms by its own
    *("cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudfront:ListDistributions", "tag:GetResources"),
    *("appsync:GetIntrospectionSchema", "lambda:ListEventSourceMappings", "logs:DescribeLogGroups"),
}

_ARNS = (  # service, parameter that names the resource, and the ARN; the first that fits
    ("account", "RegionOptStatusContains", "{anywhere}:account"),
    ("acm", "CertificateArn", "{it}"),
    ("appsync", "apiId", "{here}:apis/{it}"),
    ("appsync", "domainName", "{here}:domainnames/{it}"),
    ("appsync", "url", "{here}:apis/{it}"),
    ("cloudfront", "Id", "{anywhere}:distribution/{it}"),
    ("cloudfront", "Name", "{anywhere}:function/{it}"),
    ("cloudfront-keyvaluestore", "KvsARN", "{it}"),
    ("dynamodb", "RequestItems", "{here}:table/{it}"),
    ("dynamodb", "TableName", "{here}:table/{it}"),
    ("iam", "PolicySourceArn", "{it}"),
    ("iam", "RoleName", "{anywhere}:role/{it}"),
    ("lambda", "FunctionName", "{here}:function:{it}"),
    ("logs", "logGroupName", "{here}:log-group:{it}:*"),
    ("route53", "HealthCheckId", "arn:aws:route53:::healthcheck/{it}"),
    ("route53", "HostedZoneId", "arn:aws:route53:::hostedzone/{it}"),
    ("route53", "Id", "arn:aws:route53:::hostedzone/{it}"),
    ("secretsmanager", "SecretId", "{here}:secret:{it}-a1B2c3"),
    ("sqs", "QueueUrl", "{here}:{it}"),
)

Note = Callable[[str, Mapping[str, Any]], None]
Tags = Mapping[str, Mapping[str, str]]
"""Name of a Lambda function -> its tags."""


@dataclass(frozen=True)
class Call:
    """An operation as boto3 has it, or `graphql`, and what it was given."""

    service: str
    region: str
    operation: str
    given: Mapping[str, Any]

    @property
    def action(self) -> str:
        """IAM's name of it."""
        name = "".join(part.capitalize() for part in self.operation.split("_"))
        return f"{_PREFIXES.get(self.service, self.service)}:{'GraphQL' if name == 'Graphql' else name}"


class Recorder:
    """Clients that keep what they are asked in `calls`, whether or not it is answered."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self.calls: list[Call] = []

    def __call__(self, service: str, region: str) -> Any:
        def note(operation: str, given: Mapping[str, Any]) -> None:
            self.calls.append(Call(service, region, operation, given))

        return _Client(self._clients(service, region), note)


@dataclass(frozen=True)
class _Client:
    client: Any
    note: Note

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        return partial(self._called, name, found) if callable(found) else found

    def _called(self, name: str, ask: Callable[..., Any], **given: Any) -> Any:
        self.note(name, given)
        return ask(**given)

    def get_paginator(self, operation: str) -> Any:
        return _Paginator(self.client.get_paginator(operation), partial(self.note, operation))

    @property
    def _request_signer(self) -> Any:
        return _Signer(self.client._request_signer, partial(self.note, "graphql"))


@dataclass(frozen=True)
class _Paginator:
    paginator: Any
    note: Callable[[Mapping[str, Any]], None]

    def paginate(self, **given: Any) -> Any:
        self.note(given)
        return self.paginator.paginate(**given)


@dataclass(frozen=True)
class _Signer:
    """Of what is sent past boto3: the GraphQL requests of a region's API."""

    signer: Any
    note: Callable[[Mapping[str, Any]], None]

    def sign(self, name: str, request: Any, **settings: Any) -> None:
        self.note({"url": request.url, "query": json.loads(request.data)["query"]})
        self.signer.sign(name, request, **settings)


@dataclass(frozen=True)
class _Request:
    """What IAM decides on."""

    action: str
    resource: str
    context: Mapping[str, Any]

    def is_allowed(self, policy: Mapping[str, Any]) -> bool:
        context = EvalContext(
            principal_arn="arn:aws:iam::000000000000:user/operator",
            principal_type="User",
            principal_account="000000000000",
            action=self.action,
            resource_arn=self.resource,
            region="",
            service_context={key.lower(): value for key, value in self.context.items()},
        )
        return bool(evaluate(context, [parse_policy_document(dict(policy))]).decision == "Allow")


def refused(policy: Mapping[str, Any], calls: Sequence[Call], stack: Deployment, tags: Tags | None = None) -> list[str]:
    """The actions, each with its resource, that were asked for and the policy does not allow."""
    asked = [request for call in calls for request in _requests(call, stack, tags or {})]
    assert asked, "nothing was asked of AWS"
    return sorted({f"{each.action} on {each.resource}" for each in asked if not each.is_allowed(policy)})


def unused(policy: Mapping[str, Any], calls: Sequence[Call], stack: Deployment, tags: Tags | None = None) -> list[str]:
    """The actions and resources in the policy's statements by which nothing was allowed that was asked for."""
    asked = [request for call in calls for request in _requests(call, stack, tags or {})]
    left: list[str] = []
    for statement in policy["Statement"]:
        by_it = [each for each in asked if each.is_allowed({**policy, "Statement": [statement]})]
        left += set(statement["Action"]) - {each.action for each in by_it}
        left += [arn for arn in statement["Resource"] if not any(fnmatch_iam_cs(each.resource, arn) for each in by_it)]
    return sorted(left)


def _requests(call: Call, stack: Deployment, tags: Tags) -> Iterator[_Request]:
    if call.action == _FREE:
        return
    account = next(iter(stack.outputs["topics"].values())).split(":")[4]
    context: dict[str, Any] = {}
    if item := call.given.get("Item", call.given.get("Key")):
        context["dynamodb:LeadingKeys"] = [item["id"]["S"]]
    for resource in _resources(call, account, stack.outputs):
        name = resource.partition(":function:")[2].partition(":")[0]
        tagged = {f"aws:ResourceTag/{key}": value for key, value in tags.get(name, {}).items()}
        yield _Request(call.action, resource, {**context, **tagged})


def _resources(call: Call, account: str, outputs: Mapping[str, Any]) -> list[str]:
    if call.action in _OF_NO_RESOURCE:
        return ["*"]
    here, anywhere = (f"arn:aws:{call.service}:{region}:{account}" for region in (call.region, ""))
    for service, parameter, arn in _ARNS:
        if call.service == service and parameter in call.given:
            return [arn.format(here=here, anywhere=anywhere, it=it) for it in _named(call, parameter, outputs)]
    raise AssertionError(f"{call} is new: say above what its resource is")


def _named(call: Call, parameter: str, outputs: Mapping[str, Any]) -> list[str]:
    """What the parameter names, as it is in ARNs."""
    value = call.given[parameter]
    match parameter:
        case "RequestItems":
            return list(value)
        case "QueueUrl":
            return [value.rpartition("/")[2]]
        case "FunctionName":
            name = value.rpartition(":function:")[2]
            return [f"{name}:{call.given['Qualifier']}" if "Qualifier" in call.given else name]
        case "url":
            [id_] = [api["id"] for api in outputs["apis"].values() if api["url"] == value]
            return [f"{id_}/types/Mutation/fields/{call.given['query'].partition('{ ')[2].partition('(')[0]}"]
        case _:
            return [value]
