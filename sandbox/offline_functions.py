"""What a preview without AWS is told where its program asks AWS something: made-up answers of the right form."""

import json
from collections.abc import Callable, Mapping
from typing import Any

ACCOUNT = "123456789012"

Answers = Mapping[str, Any]

# The regions' letters are what programs ask for: the three zones that every region has at least, but for a few.
_ZONES = "abc"
_RANDOM_LENGTH = 32  # AWS's default of GetRandomPassword
_POLICIES = {
    "getCachePolicy": {
        "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
    "getOriginRequestPolicy": {
        "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
        "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    },
}


class UnansweredError(Exception):
    """A function of the provider that has no answer here; the message names it and the remedy."""


def answer(token: str, args: Answers, region: str) -> dict[str, Any]:
    """What the function `token` returns.

    Raises:
        UnansweredError: nothing can be made up for it.
    """
    function = _FUNCTIONS.get(token)
    if function is None:
        raise UnansweredError(
            f"the function {token} is asked of AWS, which an offline preview does not reach. Take what it looks up "
            "from the stack's config instead, or preview this stack with AWS credentials."
        )
    return function(args, region)


def _caller_identity(_args: Answers, _region: str) -> dict[str, Any]:
    return {"id": ACCOUNT, "accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/offline", "userId": "AIDAOFFLINE"}


def _zone(args: Answers, _region: str) -> dict[str, Any]:
    id_ = args.get("zoneId", "Z0OFFLINE")
    servers = [f"ns-{number}.awsdns.example" for number in range(4)]
    return {
        "id": id_,
        "zoneId": id_,
        "name": args.get("name", "offline.example").rstrip("."),
        "arn": f"arn:aws:route53:::hostedzone/{id_}",
        "comment": "",
        "callerReference": "offline",
        "privateZone": args.get("privateZone", False),
        "nameServers": servers,
        "primaryNameServer": servers[0],
        "resourceRecordSetCount": 2,
        "tags": {},
    }


def _random_password(args: Answers, region: str) -> dict[str, Any]:
    return {**args, "id": region, "region": region, "randomPassword": "x" * args.get("passwordLength", _RANDOM_LENGTH)}


def _region(args: Answers, region: str) -> dict[str, Any]:
    name = args.get("region", region)
    return {
        "id": name,
        "region": name,
        "name": name,
        "description": f"{name} (offline)",
        "endpoint": f"ec2.{name}.amazonaws.com",
    }


def _partition(_args: Answers, _region: str) -> dict[str, Any]:
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


def _availability_zones(args: Answers, region: str) -> dict[str, Any]:
    region = args.get("region", region)
    return {
        **args,
        "id": region,
        "region": region,
        "names": [region + letter for letter in _ZONES],
        "zoneIds": [f"{region}-az{number}" for number in range(1, len(_ZONES) + 1)],
        "groupNames": [region],
    }


def _image(args: Answers, region: str) -> dict[str, Any]:
    return {**args, "id": "ami-0123456789abcdef0", "imageId": "ami-0123456789abcdef0", "region": region, "tags": {}}


def _vpc(args: Answers, region: str) -> dict[str, Any]:
    return {**args, "id": args.get("id", "vpc-0123456789abcdef0"), "cidrBlock": "172.31.0.0/16", "region": region}


def _subnets(args: Answers, region: str) -> dict[str, Any]:
    ids = [f"subnet-0123456789abcdef{number}" for number in range(len(_ZONES))]
    return {**args, "id": region, "ids": ids, "region": region, "tags": {}}


def _managed_policy(function: str) -> Callable[[Answers, str], dict[str, Any]]:
    def find(args: Answers, _region: str) -> dict[str, Any]:
        known = _POLICIES[function]
        id_ = args.get("id") or known.get(args.get("name", ""), "00000000-0000-4000-8000-000000000000")
        return {**args, "id": id_, "comment": "", "etag": "E0OFFLINE"}

    return find


def _policy_document(args: Answers, _region: str) -> dict[str, Any]:
    merged: dict[str, dict[str, Any]] = {}
    sources = [*args.get("sourcePolicyDocuments", []), json.dumps(_document(args))]
    for text in [*sources, *args.get("overridePolicyDocuments", [])]:
        for statement in json.loads(text)["Statement"]:
            merged[statement.get("Sid") or f"\0{len(merged)}"] = statement
    document = {**_document(args), "Statement": list(merged.values())}
    text = json.dumps(document, indent=2)
    return {**args, "id": "offline", "json": text, "minifiedJson": json.dumps(document, separators=(",", ":"))}


def _document(args: Answers) -> dict[str, Any]:
    return {
        "Version": args.get("version", "2012-10-17"),
        **({"Id": args["policyId"]} if args.get("policyId") else {}),
        "Statement": [_statement(each) for each in args.get("statements", [])],
    }


def _statement(given: Answers) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
    made["Effect"] = given.get("effect", "Allow")
    for key, name in (
        ("actions", "Action"),
        ("notActions", "NotAction"),
        ("resources", "Resource"),
        ("notResources", "NotResource"),
    ):
        if given.get(key):
            made[name] = _one_or_many(given[key])
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(key):
            made[name] = _principals(given[key])
    for condition in given.get("conditions", []):
        tests = made.setdefault("Condition", {}).setdefault(condition["test"], {})
        tests[condition["variable"]] = _one_or_many(condition["values"])
    return made


def _principals(given: list[Answers]) -> Any:
    if any(each["type"] == "*" for each in given):
        return "*"
    return {each["type"]: _one_or_many(each["identifiers"]) for each in given}


def _one_or_many(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


_FUNCTIONS: dict[str, Callable[[Answers, str], dict[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:route53/getZone:getZone": _zone,
    "aws:secretsmanager/getRandomPassword:getRandomPassword": _random_password,
    "aws:ec2/getAmi:getAmi": _image,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    **{f"aws:cloudfront/{name}:{name}": _managed_policy(name) for name in _POLICIES},
}
