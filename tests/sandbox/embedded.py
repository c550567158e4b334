"""The emulator behind a gateway, for tests of what reads from it."""

import asyncio
import io
import os
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from sandbox.aws import Clients
from sandbox.control_plane import ControlPlane
from sandbox.emulator import Emulator
from sandbox.gateway import Gateway
from sandbox.ports import LOOPBACK, Ports

_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@dataclass(frozen=True)
class Code:
    """An API's schema, the code of its two functions, and the fields that the second one resolves."""

    schema: str
    authorizer: str
    resolvers: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Aws:
    """The embedded AWS as the data plane gets it; calls go through threads, as the gateway shares the loop."""

    ports: Ports
    control_plane: ControlPlane

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.gateway}"

    async def call(self, service: str, region: str, operation: str, **parameters: Any) -> Any:
        client = self.control_plane.clients(service, region)
        return await asyncio.to_thread(getattr(client, operation), **parameters)

    async def function(
        self, name: str, code: dict[str, str], *, region: str = "eu-west-1", seconds: int = 5, **more: Any
    ) -> str:
        """Creates a function whose handler is `h.handler`; its ARN."""
        answer = await self.call(
            "lambda",
            region,
            "create_function",
            FunctionName=name,
            Runtime="python3.13",
            Role="arn:aws:iam::000000000000:role/r",
            Handler="h.handler",
            Timeout=seconds,
            Code={"ZipFile": package(code)},
            **more,
        )
        return str(answer["FunctionArn"])

    async def certificate(self, domain: str) -> str:
        """A certificate for `domain` and everything below it; its ARN."""
        answer = await self.call(
            "acm",
            "us-east-1",
            "request_certificate",
            DomainName=domain,
            SubjectAlternativeNames=[f"*.{domain}"],
            ValidationMethod="DNS",
        )
        return str(answer["CertificateArn"])

    async def api(self, region: str, host: str, certificate: str, code: Code, **settings: Any) -> tuple[str, str]:
        """An API that answers at `host`; its id, and the name that `host` must be an alias of."""
        for function in (await self.call("lambda", region, "list_functions"))["Functions"]:
            await self.call("lambda", region, "delete_function", FunctionName=function["FunctionName"])
        authorizer = await self.function("authorizer", {"h.py": code.authorizer}, region=region)
        resolvers = await self.function("resolvers", {"h.py": code.resolvers}, region=region)
        appsync = partial(self.call, "appsync", region)
        config = {"authorizerUri": authorizer, "authorizerResultTtlInSeconds": 60}
        settings = {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": config, **settings}
        api = (await appsync("create_graphql_api", name="events", **settings))["graphqlApi"]
        id_ = api["apiId"]
        await self.call(
            "lambda",
            region,
            "add_permission",
            FunctionName=authorizer,
            StatementId="appsync",
            Action="lambda:InvokeFunction",
            Principal="appsync.amazonaws.com",
            SourceArn=api["arn"],
        )
        await appsync("start_schema_creation", apiId=id_, definition=code.schema.encode())
        source = {"name": "resolvers", "type": "AWS_LAMBDA", "lambdaConfig": {"lambdaFunctionArn": resolvers}}
        await appsync("create_data_source", apiId=id_, **source)
        for kind, field in code.fields:
            resolver = {"typeName": kind, "fieldName": field, "dataSourceName": "resolvers", "kind": "UNIT"}
            await appsync("create_resolver", apiId=id_, **resolver)
        domain = await appsync("create_domain_name", domainName=host, certificateArn=certificate)
        await appsync("associate_api", domainName=host, apiId=id_)
        return id_, domain["domainNameConfig"]["appsyncDomainName"]


def package(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """The ports of an emulator that runs; each test opens what it needs before it."""
    block = Ports(22000 + 400 * _WORKER)
    emulator = Emulator(block.emulator, tmp_path_factory.mktemp("emulator") / "log")
    emulator.start()
    yield block
    emulator.stop()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """The loop that a module's fixtures and tests share; it stands still in between."""
    with asyncio.Runner() as runner:
        yield runner


@asynccontextmanager
async def embedded_aws(ports: Ports) -> AsyncIterator[Aws]:
    control_plane = ControlPlane(Clients(f"http://{LOOPBACK}:{ports.gateway}"))
    gateway = Gateway(f"http://{LOOPBACK}:{ports.emulator}", control_plane.changed)
    await gateway.start(LOOPBACK, ports.gateway)
    try:
        yield Aws(ports, control_plane)
    finally:
        await gateway.stop()
