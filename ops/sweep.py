"""What the edge of a stack leaves behind, and its deletion once AWS lets it.

CloudFront has replicas of a Lambda@Edge function in its regional edge caches for hours after the last distribution that
named it, and Lambda deletes none before ("Delete Lambda@Edge functions and replicas" in the Amazon CloudFront Developer
Guide). So every deployment of the router leaves the version before it, and a destroyed stack its whole function, with
the logs that the replicas wrote wherever they ran.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from ops import edge_functions
from ops.clients import REFUSALS, Clients
from ops.edge_functions import HOME, EdgeFunction, is_gone, log_group
from ops.errors import OperationError
from ops.plan import Plan

Tell = Callable[[str], None]


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
        named = edge_functions.named(clients)
        functions = [edge_functions.read(clients, name, named) for name in names]
        kept = [each for each in functions if each and (each.name in owned or each.named)]
        orphaned = [each for each in functions if each and each not in kept]
        regions = edge_functions.regions(clients) if orphaned else ()
    return Sweep(domain, tuple(kept), tuple(edge_functions.with_logs(clients, each, regions) for each in orphaned))


def retained(clients: Clients, domain: str) -> tuple[str, ...]:
    """The names of the functions of the stack's edge, whether or not there still is a stack.

    Raises:
        OperationError: AWS does not tell them.
    """
    with _explained("AWS does not tell which functions have the stack's tag"):
        return edge_functions.tagged(clients, domain)


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
            clients("lambda", HOME).delete_function(FunctionName=function.name, **qualifier)
        except ClientError as error:
            if _is_replicated(error):
                return False
            if not is_gone(error):
                raise
    tell(f"Deleted {what}")
    return True


def _delete_logs(clients: Clients, function: EdgeFunction, region: str, tell: Tell) -> None:
    with _explained(f"AWS did not delete the logs of {function.name} in {region}"):
        try:
            clients("logs", region).delete_log_group(logGroupName=log_group(function.name))
        except ClientError as error:
            if not is_gone(error):
                raise
    tell(f"Deleted the logs {log_group(function.name)} in {region}")


@contextmanager
def _explained(problem: str) -> Iterator[None]:
    try:
        yield
    except REFUSALS as error:
        raise OperationError(
            f"{problem}: {error}.", "Mend that, then run antipodes sweep again: it goes on."
        ) from error


def _is_replicated(error: ClientError) -> bool:
    return "replicated function" in error.response["Error"].get("Message", "")


def _versions(function: EdgeFunction) -> str:
    count = len(function.versions)
    return "1 version" if count == 1 else f"{count} versions"


def _lingering(what: str) -> str:
    return f"CloudFront still has replicas of {what}: AWS removes them within some hours. Run antipodes sweep then."


def _unseen(function: EdgeFunction) -> str:
    regions = ", ".join(function.unseen)
    return f"{function.name} stays, as {regions} did not tell whether it has logs of it. Run antipodes sweep again."
