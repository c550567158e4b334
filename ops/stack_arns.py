"""The ARNs of a stack's resources, from what the stack tells of itself.

Source: "Actions, resources, and condition keys for AWS services" in the Service Authorization Reference: its tables of
resource types.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

from ops.deployment import Deployment

GLOBAL_REGION = "us-east-1"
"""Where AWS keeps what is global, and the router's function."""

_MADE_WITH = re.compile(r"-function-[^-]*$")  # of a function's name; its role and its log are called alike


class StackArns:
    """Each member is a tuple of ARNs; empty where the stack has no such thing.

    What the stack does not tell by name is a pattern, as narrow as what it tells allows. A name that is the stack's own
    in every region, as the domain is in it, is told once for all regions: a policy has room for so many letters.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._stack = deployment
        self._account = str(next(iter(deployment.told("topics").values()))).split(":")[4]

    @property
    def canary(self) -> tuple[str, ...]:
        """The project's own table: probes, drain switches, and what operators did."""
        return (self._table(self._stack.told("canaryTable")),)

    @property
    def tables(self) -> tuple[str, ...]:
        """That table, and those of the API."""
        return (*self.canary, *map(self._table, self._stack.told("tables").values()))

    def functions(self, *kinds: str) -> tuple[str, ...]:
        """Those of these kinds (`authorizer`, `resolvers`, `health`, `fan-out`)."""
        return self._regional("lambda", ((key, f"function:{name}") for key, name in self._named(kinds)))

    def roles(self, *kinds: str) -> tuple[str, ...]:
        """Those of the functions of these kinds."""
        return tuple(self._global("iam", f"role/{_beside(name, 'role')}") for _, name in self._named(kinds))

    @property
    def logs(self) -> tuple[str, ...]:
        """Of all that logs: in the stack's regions, and of the router wherever CloudFront runs it."""
        kinds = ("authorizer", "resolvers", "health", "fan-out")
        functions = ((key, f"log-group:{_beside(name, 'log')}:*") for key, name in self._named(kinds))
        apis = ((key, f"log-group:/aws/appsync/apis/{id_}:*") for key, id_ in self._api_ids())
        if router := self._router:
            edge = self._arn("logs", "*", f"log-group:/aws/lambda/{GLOBAL_REGION}.{router}:*")
        else:
            edge = self._arn("logs", GLOBAL_REGION, "log-group:/aws/cloudfront/function/*:*")
        return (*self._regional("logs", (*functions, *apis)), edge)

    @property
    def dead_letters(self) -> tuple[str, ...]:
        """The queues of what could not be published."""
        queues = self._stack.outputs.get("fanOut", {}).items()
        return self._regional("sqs", ((key, made["deadLetters"].rpartition("/")[2]) for key, made in queues))

    @property
    def apis(self) -> tuple[str, ...]:
        return self._regional("appsync", ((key, f"apis/{id_}") for key, id_ in self._api_ids()))

    @property
    def move(self) -> tuple[str, ...]:
        """The field of each region's API by which its subscribers are moved."""
        mutation = self._stack.outputs.get("subscribers", {}).get("mutation")
        return tuple(f"{api}/types/Mutation/fields/{mutation}" for api in self.apis) if mutation else ()

    @property
    def hosts(self) -> tuple[str, ...]:
        """AppSync's domain names of the regions."""
        hosts = self._stack.told("hosts").items()
        return self._regional("appsync", ((key, f"domainnames/{host}") for key, host in hosts))

    @property
    def token(self) -> tuple[str, ...]:
        """Its secret and the copies; Secrets Manager adds six characters to the name."""
        return (self._arn("secretsmanager", "*", f"secret:{self._stack.told('tokenSecret')['name']}-??????"),)

    @property
    def zone(self) -> tuple[str, ...]:
        return (f"arn:aws:route53:::hostedzone/{self._stack.told('zoneId')}",)

    @property
    def health_checks(self) -> tuple[str, ...]:
        """All of Route 53's checks of the stack."""
        regions = self._stack.outputs.get("healthChecks", {}).values()
        return _checks(id_ for checks in regions for each in checks.values() for id_ in _ids(each))

    @property
    def drain_checks(self) -> tuple[str, ...]:
        """Those of them that ask whether a region is drained."""
        regions = self._stack.outputs.get("healthChecks", {}).values()
        return _checks(id_ for checks in regions for id_ in _ids(checks["drain"]))

    @property
    def distribution(self) -> tuple[str, ...]:
        return (self._global("cloudfront", f"distribution/{self._stack.told('distributionId')}"),)

    @property
    def certificates(self) -> tuple[str, ...]:
        return (self._arn("acm", GLOBAL_REGION, "certificate/*"),)

    @property
    def router_versions(self) -> tuple[str, ...]:
        """The versions of the router, where it is a Lambda function."""
        router = self._router
        return (self._arn("lambda", GLOBAL_REGION, f"function:{router}:*"),) if router else ()

    @property
    def router_role(self) -> tuple[str, ...]:
        router = self._router
        return (self._global("iam", f"role/{_beside(router, 'role')}"),) if router else ()

    @property
    def edge_function(self) -> tuple[str, ...]:
        """The router, where it is a CloudFront Function."""
        return () if self._router else (self._global("cloudfront", "function/*"),)

    @property
    def edge_store(self) -> tuple[str, ...]:
        """What that one goes by."""
        return () if self._router else (self._global("cloudfront", "key-value-store/*"),)

    @property
    def any_edge_function(self) -> tuple[str, ...]:
        """Lambda functions where the router's lies, with their versions: one that was replaced has another name."""
        return (self._arn("lambda", GLOBAL_REGION, "function:*"),)

    @property
    def any_edge_logs(self) -> tuple[str, ...]:
        """What routers logged anywhere, those included that were replaced."""
        stem = self._router.rpartition("-")[0]
        return (self._arn("logs", "*", f"log-group:/aws/lambda/{GLOBAL_REGION}.{stem}*:*"),)

    @property
    def account(self) -> tuple[str, ...]:
        return (self._global("account", "account"),)

    @property
    def _router(self) -> str:
        """The name of the router's function; empty where that is none of Lambda."""
        return str(self._stack.outputs.get("edgeRouter", {}).get("function", ""))

    def _table(self, name: str) -> str:
        return self._arn("dynamodb", "*", f"table/{name}")

    def _named(self, kinds: Collection[str]) -> list[tuple[str, str]]:
        """The region's key and the name of each function of these kinds."""
        told = self._stack.told("functions").items()
        found = [(key, name) for key, functions in told for kind, name in functions.items() if kind in kinds]
        fan_outs = self._stack.outputs.get("fanOut", {}) if "fan-out" in kinds else {}
        return [*found, *((key, made["function"]) for key, made in fan_outs.items())]

    def _api_ids(self) -> list[tuple[str, str]]:
        return [(key, api["id"]) for key, api in self._stack.told("apis").items()]

    def _regional(self, service: str, resources: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        return tuple(self._arn(service, self._stack.regions[key], resource) for key, resource in resources)

    def _global(self, service: str, resource: str) -> str:
        return self._arn(service, "", resource)

    def _arn(self, service: str, region: str, resource: str) -> str:
        return f"arn:aws:{service}:{region}:{self._account}:{resource}"


def _beside(function: str, what: str) -> str:
    """The pattern of the names of a function's `role` or `log`, which differ from its own by that and the last part."""
    return _MADE_WITH.sub(f"-{what}-*", function)


def _ids(checks: Any) -> Iterable[str]:
    """Of one check, or of several by name."""
    return [checks] if isinstance(checks, str) else checks.values()


def _checks(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"arn:aws:route53:::healthcheck/{id_}" for id_ in ids)
