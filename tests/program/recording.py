"""Runs the whole program against a monitor that keeps every registration and answers as AWS would."""

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, settings, stack
from pulumi.runtime.config import set_all_config

from cli import program

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "123456789012"
TOKEN = "a-token-that-must-show-up-nowhere"

ZONE = {"zoneId": "Z-LOOKED-UP", "nameServers": [], "comment": ""}

_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


@dataclass(frozen=True)
class Resource:
    """One registration, as the engine would see it; `inputs` have secrets still wrapped.

    `deletes_first` is whether a replacement does: None where the provider is to say.
    """

    urn: str
    kind: str
    name: str
    parent: str
    custom: bool
    inputs: dict[str, Any]
    dependencies: frozenset[str]
    deletes_first: bool | None

    @property
    def is_component(self) -> bool:
        return not self.custom


@dataclass
class Deployment:
    """What a program registered; it is asked about when the program has ended."""

    resources: list[Resource] = field(default_factory=list)
    component_outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Resource]:
        return [resource for resource in self.resources if resource.kind == kind]

    def one(self, kind: str) -> Resource:
        (found,) = self.of(kind)
        return found

    def named(self, name: str) -> Resource:
        (found,) = [resource for resource in self.resources if resource.name == name]
        return found

    def below(self, urn: str) -> list[Resource]:
        """Children, and theirs."""
        children = self._children[urn]
        return children + [each for child in children for each in self.below(child.urn)]

    def needs(self, resource: Resource) -> set[str]:
        """The names of all that must exist before `resource`, whether directly or not."""
        found: set[str] = set()
        todo = [*resource.dependencies]
        while todo:
            urn = todo.pop()
            if urn not in found:
                found.add(urn)
                todo += self._by_urn[urn].dependencies
        return {self._by_urn[urn].name for urn in found}

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {each.urn: each for each in self.resources}

    @cached_property
    def _children(self) -> Mapping[str, list[Resource]]:
        """By the URN of their parent."""
        found: defaultdict[str, list[Resource]] = defaultdict(list)
        for each in self.resources:
            found[each.parent].append(each)
        return found

    @property
    def outputs(self) -> dict[str, Any]:
        (found,) = [outputs for urn, outputs in self.component_outputs.items() if "::pulumi:pulumi:Stack::" in urn]
        return found


def is_secret(value: Any) -> bool:
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def stream_arn(region: str, table: str) -> str:
    return f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}/stream/2026-11-21T00:00:00.000"


class _Aws(mocks.Mocks):
    def __init__(self, zone: Mapping[str, Any] | None) -> None:
        self._zone = zone

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any] | tuple[dict[str, Any], list[tuple[str, str]]]:  # type: ignore[override]
        match args.token:
            case "aws:index/getCallerIdentity:getCallerIdentity":
                return {"accountId": ACCOUNT}
            case "aws:secretsmanager/getRandomPassword:getRandomPassword":
                return {"randomPassword": TOKEN}
            case "aws:route53/getZone:getZone":
                return dict(self._zone) if self._zone else ({}, [("name", "no matching hosted zone found")])
        raise AssertionError(f"an invoke that nobody expects: {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:  # noqa: C901 - a case a type
        name = args.inputs.get("name", f"{args.name}-0123456")
        made: dict[str, Any] = {"name": name, "arn": f"arn:aws:test:::{args.name}"}
        match args.typ:
            case "aws:acm/certificate:Certificate":
                option = {"domainName": "d", "resourceRecordName": "_v.d.", "resourceRecordType": "CNAME"}
                made["domainValidationOptions"] = [option | {"resourceRecordValue": "_v.acm."}] * 2
            case "aws:route53/record:Record":
                made["fqdn"] = name
            case "aws:route53/zone:Zone":
                made |= {"zoneId": "Z-CREATED", "nameServers": ["ns-1"]}
            case "aws:lambda/function:Function":
                made["qualifiedArn"] = f"{made['arn']}:1"
            case "aws:lambda/functionUrl:FunctionUrl":
                made["functionUrl"] = f"https://{args.name}.lambda-url.{args.inputs['region']}.on.aws/"
            case "aws:appsync/domainName:DomainName":
                made["appsyncDomainName"] = f"d-{args.name}.cloudfront.net"
            case "aws:cloudfront/distribution:Distribution":
                made["domainName"] = "d123.cloudfront.net"
            case "aws:appsync/graphQLApi:GraphQLApi":
                made["uris"] = {
                    "GRAPHQL": f"https://{args.name}.appsync-api.{args.inputs['region']}.amazonaws.com/graphql"
                }
            case "aws:sqs/queue:Queue":
                made["url"] = f"https://sqs.{args.inputs['region']}.amazonaws.com/{ACCOUNT}/{name}"
            case "aws:dynamodb/table:Table":
                made["streamArn"] = stream_arn(args.inputs["region"], name)
                # In another order than they are given in, as AWS may tell them.
                made["replicas"] = [
                    {**replica, "streamArn": stream_arn(replica["regionName"], name)}
                    for replica in reversed(args.inputs.get("replicas", []))
                ]
        return f"{args.name}-id", {**args.inputs, **made}


class _Monitor(mocks.MockMonitor):
    def __init__(self, recorded: Deployment, aws: _Aws) -> None:
        super().__init__(aws)
        self._recorded = recorded

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != "pulumi:pulumi:Stack":
            self._recorded.resources.append(
                Resource(
                    urn,
                    request.type,
                    request.name,
                    request.parent,
                    request.custom,
                    MessageToDict(request.object),
                    frozenset(request.dependencies),
                    request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
                )
            )
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        self._recorded.component_outputs[request.urn] = MessageToDict(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def config(regions: Mapping[str, Any], **more: str) -> dict[str, Any]:
    """A good config, with these regions, the first of which is the home of replicated data."""
    home = {} if more.get("data") == "regional" else {"home": next(iter(regions), "")}
    values = {"domain": "example.com", **home, "regions": json.dumps(regions), **more}
    return {"aws:region": "us-east-1"} | {f"antipodes:{key}": value for key, value in values.items()}


def deploy(
    values: Mapping[str, Any],
    root: Path = ROOT,
    into: Deployment | None = None,
    zone: Mapping[str, Any] | None = ZONE,
) -> Deployment:
    """What the program in `root` registers for this config, run from another folder as the Automation API may.

    `into` receives it as it happens, also when the program fails; `zone` is what a lookup of the domain's zone finds.

    Raises:
        pulumi.RunError: the program refused.
    """

    recorded = into or Deployment()
    before = Path.cwd()
    os.chdir("/")
    asyncio.set_event_loop(asyncio.new_event_loop())
    try:
        settings.reset_options()
        set_all_config(dict(values))
        mocks.set_mocks(None, project="antipodes", stack="test", monitor=_Monitor(recorded, _Aws(zone)))  # type: ignore[arg-type]
        settings.set_root_resource(None)  # type: ignore[arg-type]
        asyncio.get_event_loop().run_until_complete(stack.run_in_stack(lambda: program.run(root / "__main__.py")))
    finally:
        os.chdir(before)
    return recorded
