"""The sample's resolvers, called as AppSync calls them, on tables of the emulator."""

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from components import api_dependencies
from components.api_resolvers import find
from components.api_tables import Table, read
from region.resolvers.dispatch import Dispatcher
from sandbox.emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-west-1"

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    emulator = Emulator(port, tmp_path_factory.mktemp("emulator") / "log")
    emulator.start()
    yield f"http://127.0.0.1:{port}"
    emulator.stop()


@pytest.fixture(scope="session")
def bundled() -> None:
    """What `requirements.txt` locks, importable as in Lambda."""
    sys.path.append(str(api_dependencies.bundle(ROOT / "api", ROOT / ".build")))


@pytest.fixture
def at_emulator(emulator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads boto3 to the emulator, as Lambda's environment leads a function to its region."""
    for name, value in {
        "AWS_ENDPOINT_URL": emulator,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def ask(at_emulator: None, bundled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Resolves "Type.field" for arguments, with fresh tables; `source` is the parent object's."""
    dynamodb = boto3.client("dynamodb")
    tables = read(ROOT / "api" / "tables.yaml").tables
    for table in tables:
        monkeypatch.setenv(table.variable, table.name)
        dynamodb.create_table(TableName=table.name, BillingMode="PAY_PER_REQUEST", **_schema(table))
    dispatcher = Dispatcher(find(ROOT / "api" / "resolvers", "api").functions)

    def resolve(target: str, source: dict[str, Any] | None = None, **arguments: Any) -> Any:
        kind, field = target.split(".")
        info = {"parentTypeName": kind, "fieldName": field}
        return dispatcher({"info": info, "arguments": arguments, "source": source})

    yield resolve
    for table in tables:
        dynamodb.delete_table(TableName=table.name)


def _schema(table: Table) -> dict[str, Any]:
    return {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in table.attributes.items()
        ],
        "KeySchema": [
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(table.key.attributes, ("HASH", "RANGE"), strict=False)
        ],
    }
