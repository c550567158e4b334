"""What the edge of a stack leaves behind, and its deletion once AWS lets it.

CloudFront has replicas of a Lambda@Edge function in its regional edge caches for hours after the last distribution that
named it, and Lambda deletes none before ("Delete Lambda@Edge functions and replicas" in the Amazon CloudFront Developer
Guide). So every deployment of the router leaves the version before it, and a destroyed stack its whole function, with
the logs that the replicas wrote wherever they ran. They are found by the function's tag, also when nothing else is left
of the stack.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.clients import Clients
from ops.errors import OperationError
from ops.plan import Plan

_HOME = "us-east-1"  # of every Lambda@Edge function, and of the services that are global
_TAG = "antipodes:domain"
_AT_ONCE = 8  # regions that are asked for logs
_GONE = {"ResourceNotFoundException"}
_REFUSALS = (BotoCoreError, ClientError)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class EdgeFunction:
    """A function of the stack's edge.

    Attributes:
        name: its physical name.
        versions: its published versions, the oldest first.
        named: those of them that a distribution names, whoever's that is.
        logs: the AWS regions that hold a log group of it.
        unseen: the AWS regions that did not tell whether they do.
    """

    name: str
    versions: tuple[str, ...]
    named: frozenset[str] = frozenset()
    logs: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def unused(self) -> tuple[str, ...]:
        """The versions that no distribution names, but for the newest, which the next deployment step may name."""
        return tuple(version for version in self.versions[:-1] if version not in self.named)


@dataclass(frozen=True)
class Sweep:
    """What can go: versions of the stack's own function, and whole functions that are no stack's any more."""

    domain: str
    kept: tuple[EdgeFunction, ...]
    """The stack's own, or named by a distribution: these lose versions alone."""
    orphaned: tuple[EdgeFunction, ...]
    """Of no stack, and named by no distribution: these go, with their logs."""

    @property
    def plan(self) -> Plan:
        """The sweep in words."""
        found = []
        for function in self.kept:
            named = ", ".join(sorted(function.named, key=int))
            runs = f"a distribution names version {named}" if named else "no distribution names it yet"
            found.append(f"{function.name}: {runs}")
        for function in self.orphaned:
            found.append(f"{function.name}: of no stack, and no distribution names it")
            if function.unseen:
                found.append(_unseen(function))
        steps = [
            f"delete version {version} of {function.name}, if its replicas are gone"
            for function in self.kept
            for version in function.unused
        ]
        for function in self.orphaned:
            steps += [f"delete the logs {log_group(function.name)} in {region}" for region in function.logs]
            if not function.unseen:
                steps.append(f"delete the function {function.name} ({_versions(function)}), if its replicas are gone")
        return Plan(f"sweep {self.domain}", tuple(found), tuple(steps))


def log_group(function: str) -> str:
    """The name that the logs of an edge function have in every region that ran it.

    "Edge function logs" in the Amazon CloudFront Developer Guide.
    """
    return f"/aws/lambda/{_HOME}.{function}"


def look(clients: Clients, domain: str, owned: Collection[str]) -> Sweep:
    """What there is to sweep of the stack with this domain.

    Args:
        clients: of the AWS that the stack lived in.
        domain: the stack's own.
        owned: the names of the functions that the engine's state holds, which are not touched.

    Raises:
        OperationError: AWS does not say what there is.
    """
    names = retained(clients, domain)
    with _explained("AWS does not tell what the functions of the edge are"):
        named = _named(clients)
        functions = [_function(clients, name, named) for name in names]
        kept = [each for each in functions if each and (each.name in owned or each.named)]
        orphaned = [each for each in functions if each and each not in kept]
        regions = _regions(clients) if orphaned else ()
    return Sweep(domain, tuple(kept), tuple(_with_logs(clients, each, regions) for each in orphaned))


def retained(clients: Clients, domain: str) -> tuple[str, ...]:
    """The names of the functions of the stack's edge, whether or not there still is a stack.

    Raises:
        OperationError: AWS does not tell them.
    """
    with _explained("AWS does not tell which functions have the stack's tag"):
        pages = (
            clients("resourcegroupstaggingapi", _HOME)
            .get_paginator("get_resources")
            .paginate(TagFilters=[{"Key": _TAG, "Values": [domain]}], ResourceTypeFilters=["lambda:function"])
        )
        arns = [each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]]
    return tuple(sorted(arn.rpartition(":")[2] for arn in arns))


def carry_out(clients: Clients, sweep: Sweep, tell: Tell) -> tuple[str, ...]:
    """Deletes what can go, a version or function at a time; what is gone already counts as done.

    A function's logs go before it, since nobody would find them after it; it stays while a region does not tell
    whether it has some.

    Args:
        clients: of the AWS that the stack lived in.
        sweep: what `look` has found.
        tell: gets a sentence for each deletion.

    Returns:
        What had to stay, a sentence each.

    Raises:
        OperationError: AWS refuses a deletion for another reason than replicas; what was told is done.
    """
    left = []
    for function in sweep.kept:
        lingering = [version for version in function.unused if not _delete(clients, function, tell, version)]
        if lingering:
            left.append(_lingering(f"version {', '.join(lingering)} of {function.name}"))
    for function in sweep.orphaned:
        for region in function.logs:
            _delete_logs(clients, function, region, tell)
        if function.unseen:
            left.append(_unseen(function))
        elif not _delete(clients, function, tell):
            left.append(_lingering(function.name))
    return tuple(left)


def _delete(clients: Clients, function: EdgeFunction, tell: Tell, version: str | None = None) -> bool:
    """Deletes the function, or one version of it; False where CloudFront still has replicas."""
    what = f"version {version} of {function.name}" if version else f"the function {function.name}"
    with _explained(f"AWS did not delete {what}"):
        try:
            qualifier = {"Qualifier": version} if version else {}
            clients("lambda", _HOME).delete_function(FunctionName=function.name, **qualifier)
        except ClientError as error:
            if _is_replicated(error):
                return False
            if not _is_gone(error):
                raise
    tell(f"Deleted {what}")
    return True


def _delete_logs(clients: Clients, function: EdgeFunction, region: str, tell: Tell) -> None:
    with _explained(f"AWS did not delete the logs of {function.name} in {region}"):
        try:
            clients("logs", region).delete_log_group(logGroupName=log_group(function.name))
        except ClientError as error:
            if not _is_gone(error):
                raise
    tell(f"Deleted the logs {log_group(function.name)} in {region}")


def _function(clients: Clients, name: str, named: Collection[str]) -> EdgeFunction | None:
    """The function with its versions; None where it is gone, of which the tags' index learns later."""
    pages = clients("lambda", _HOME).get_paginator("list_versions_by_function").paginate(FunctionName=name)
    try:
        versions = [each["Version"] for page in pages for each in page["Versions"]]
    except ClientError as error:
        if _is_gone(error):
            return None
        raise
    numbers = sorted((version for version in versions if version.isdigit()), key=int)
    return EdgeFunction(name, tuple(numbers), frozenset(each for each in numbers if f"{name}:{each}" in named))


def _named(clients: Clients) -> frozenset[str]:
    """`<function>:<version>` of all that the account's distributions name."""
    pages = clients("cloudfront", _HOME).get_paginator("list_distributions").paginate()
    distributions = [each for page in pages for each in page["DistributionList"].get("Items", [])]
    behaviours = [each for every in distributions for each in (every["DefaultCacheBehavior"], *_of(every))]
    associations = (behaviour.get("LambdaFunctionAssociations", {}).get("Items", []) for behaviour in behaviours)
    arns = [association["LambdaFunctionARN"] for each in associations for association in each]
    return frozenset(arn.partition(":function:")[2] for arn in arns)


def _of(distribution: Mapping[str, Any]) -> Sequence[Any]:
    items: Sequence[Any] = distribution.get("CacheBehaviors", {}).get("Items", [])
    return items


def _regions(clients: Clients) -> tuple[str, ...]:
    """The AWS regions that the account may use; replicas run in those near viewers, which AWS does not list."""
    pages = (
        clients("account", _HOME)
        .get_paginator("list_regions")
        .paginate(RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"])
    )
    return tuple(sorted(region["RegionName"] for page in pages for region in page["Regions"]))


def _with_logs(clients: Clients, function: EdgeFunction, regions: Sequence[str]) -> EdgeFunction:
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        answers = list(pool.map(lambda region: _has_logs(clients, function, region), regions))
    logs = [region for region, has in zip(regions, answers, strict=True) if has]
    unseen = [region for region, has in zip(regions, answers, strict=True) if has is None]
    return EdgeFunction(function.name, function.versions, function.named, tuple(logs), tuple(unseen))


def _has_logs(clients: Clients, function: EdgeFunction, region: str) -> bool | None:
    """Whether the region has logs of the function; None where it does not tell."""
    try:
        pages = (
            clients("logs", region)
            .get_paginator("describe_log_groups")
            .paginate(logGroupNamePrefix=log_group(function.name))
        )
        return any(group["logGroupName"] == log_group(function.name) for page in pages for group in page["logGroups"])
    except _REFUSALS:
        return None


@contextmanager
def _explained(problem: str) -> Iterator[None]:
    try:
        yield
    except _REFUSALS as error:
        raise OperationError(
            f"{problem}: {error}.", "Mend that, then run antipodes sweep again: it goes on."
        ) from error


def _is_replicated(error: ClientError) -> bool:
    return "replicated function" in error.response["Error"].get("Message", "")


def _is_gone(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _GONE


def _versions(function: EdgeFunction) -> str:
    count = len(function.versions)
    return "1 version" if count == 1 else f"{count} versions"


def _lingering(what: str) -> str:
    return f"CloudFront still has replicas of {what}: AWS removes them within some hours. Run antipodes sweep then."


def _unseen(function: EdgeFunction) -> str:
    regions = ", ".join(function.unseen)
    return f"{function.name} stays, as {regions} did not tell whether it has logs of it. Run antipodes sweep again."
