"""Defects of what is global: the distribution, its certificate and the router."""

import copy
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import urllib3

from tests.ops.defects.defect import Defect, Plant, Stack

_CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def distribution(edit: Callable[[Any], None]) -> Plant:
    """The distribution's settings after `edit`."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        with configured(stack, edit):
            yield

    return plant


@contextmanager
def configured(stack: Stack, edit: Callable[[Any], None]) -> Iterator[None]:
    old = _update(stack, edit)
    try:
        yield
    finally:
        _update(stack, lambda config: config.update(old))


def _update(stack: Stack, edit: Callable[[Any], None]) -> Any:
    """The settings before."""
    cloudfront, id_ = stack.client("cloudfront"), stack.outputs["distributionId"]
    answer = cloudfront.get_distribution_config(Id=id_)
    old = copy.deepcopy(answer["DistributionConfig"])
    edit(answer["DistributionConfig"])
    cloudfront.update_distribution(Id=id_, IfMatch=answer["ETag"], DistributionConfig=answer["DistributionConfig"])
    return old


def behavior(**other: Any) -> Plant:
    return distribution(lambda config: config["DefaultCacheBehavior"].update(other))


def certificate(region: str, *names: str) -> Plant:
    """A certificate of this region, for these labels in the domain."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        acm = stack.clients("acm", region)
        first, *others = [f"{name}{stack.domain}" for name in names]
        alternatives = {"SubjectAlternativeNames": others} if others else {}
        arn = acm.request_certificate(DomainName=first, ValidationMethod="DNS", **alternatives)["CertificateArn"]

        def present(config: Any) -> None:
            config["ViewerCertificate"].pop("Certificate", None)
            config["ViewerCertificate"]["ACMCertificateArn"] = arn

        with configured(stack, present):
            yield
        acm.delete_certificate(CertificateArn=arn)

    return plant


def _router_arn(stack: Stack) -> str:
    config = stack.client("cloudfront").get_distribution_config(Id=stack.outputs["distributionId"])
    behavior = config["DistributionConfig"]["DefaultCacheBehavior"]
    [association] = behavior["LambdaFunctionAssociations"]["Items"]
    return str(association["LambdaFunctionARN"])


@contextmanager
def stale_table(stack: Stack) -> Iterator[None]:
    """A router that was published with another table: Sydney's requests go to Ireland."""
    functions, arn = stack.client("lambda"), _router_arn(stack)
    package = urllib3.PoolManager().request("GET", functions.get_function(FunctionName=arn)["Code"]["Location"]).data
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "routes.json":
                routes = json.loads(content)
                routes["regions"]["sydney"]["host"] = routes["regions"]["ireland"]["host"]
                content = json.dumps(routes).encode()
            new.writestr(item, content)
    name = arn.rpartition(":")[0]
    version = functions.update_function_code(FunctionName=name, ZipFile=made.getvalue(), Publish=True)["Version"]

    def associate(config: Any) -> None:
        [association] = config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"]
        association["LambdaFunctionARN"] = f"{name}:{version}"

    with configured(stack, associate):
        yield
    functions.update_function_code(FunctionName=name, ZipFile=package)


@contextmanager
def untrusted_router(stack: Stack) -> Iterator[None]:
    functions, iam = stack.client("lambda"), stack.client("iam")
    role = functions.get_function_configuration(FunctionName=_router_arn(stack))["Role"].rpartition("/")[2]
    old = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    new = copy.deepcopy(old)
    new["Statement"][0]["Principal"]["Service"] = "lambda.amazonaws.com"
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(new))
    try:
        yield
    finally:
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(old))


def _without_router(config: Any) -> None:
    config["DefaultCacheBehavior"]["LambdaFunctionAssociations"] = {"Quantity": 0}


def _with_body(config: Any) -> None:
    config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"][0]["IncludeBody"] = True


def _shielded(config: Any) -> None:
    config["Origins"]["Items"][0]["OriginShield"] = {"Enabled": True, "OriginShieldRegion": "us-east-1"}


def _with_two_methods(config: Any) -> None:
    methods = {"Quantity": 2, "Items": ["GET", "HEAD"]}
    config["DefaultCacheBehavior"]["AllowedMethods"] = {**methods, "CachedMethods": methods}


DEFECTS = (
    Defect("a cache", behavior(CachePolicyId=_CACHING_OPTIMIZED), "distribution", None, "not CachingDisabled"),
    Defect("headers kept back", behavior(OriginRequestPolicyId=_ALL_BUT_HOST), "distribution", None, "not AllViewer"),
    Defect("two methods", distribution(_with_two_methods), "distribution", None, "it refuses DELETE, OPTIONS, PATCH"),
    Defect("plain HTTP", behavior(ViewerProtocolPolicy="allow-all"), "distribution", None, "in the clear"),
    Defect("Origin Shield", distribution(_shielded), "distribution", None, "Origin Shield of default is on"),
    Defect(
        "a distribution that is off",
        distribution(lambda config: config.update(Enabled=False)),
        "distribution",
        None,
        "disabled",
    ),
    Defect(
        "a distribution without its name",
        distribution(lambda config: config.update(Aliases={"Quantity": 0})),
        "distribution",
        None,
        "none of its aliases",
    ),
    Defect("a certificate without the wildcard", certificate("us-east-1", ""), "certificate", None, "does not cover"),
    Defect("a certificate elsewhere", certificate("eu-west-1", "", "*."), "certificate", None, "lies in eu-west-1"),
    Defect("no router", distribution(_without_router), "router", None, "no function on origin-request"),
    Defect("a router that gets bodies", distribution(_with_body), "router", None, "is given request bodies"),
    Defect("a router with another table", stale_table, "router", None, "host ireland-appsync", "publishes the router"),
    Defect(
        "a router that the edge may not run", untrusted_router, "router", None, "not trust edgelambda.amazonaws.com"
    ),
)
