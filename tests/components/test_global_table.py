"""What a preview knows of a table that gets one more replica."""

import asyncio
from typing import Any

import pytest
from pulumi.runtime import mocks, settings
from pulumi.runtime.rpc import UNKNOWN

from components.api_tables import Key, Table
from components.global_table import GlobalTable, GlobalTableArgs
from components.topology import load

STACK = load(
    {
        "aws:region": "us-east-1",
        "antipodes:domain": "example.com",
        "antipodes:home": "ireland",
        "antipodes:regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"},
    }
)
EVENTS = Table("events", Key({"id": "S"}), {})


class Preview(mocks.Mocks):
    """Tokyo is new: its stream is unknown until it is made."""

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:  # type: ignore[override]
        raise AssertionError(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.typ != "aws:dynamodb/table:Table":
            return "", args.inputs
        streams = {"ap-southeast-2": "stream-of-sydney", "ap-northeast-1": UNKNOWN}
        replicas = [{**replica, "streamArn": streams[replica["regionName"]]} for replica in args.inputs["replicas"]]
        return "events", {**args.inputs, "streamArn": "stream-of-ireland", "replicas": replicas}


@pytest.fixture(autouse=True)
def preview() -> None:
    asyncio.set_event_loop(asyncio.new_event_loop())
    settings.reset_options()
    mocks.set_mocks(Preview(), preview=True)


def test_a_preview_knows_the_streams_of_the_regions_that_are_there() -> None:
    async def known() -> dict[str, str | None]:
        assert STACK.home
        table = GlobalTable("events", GlobalTableArgs(topology=STACK, home=STACK.home, table=EVENTS, after=[]))
        return {key: await arn.future() if await arn.is_known() else None for key, arn in table.stream_arns.items()}

    assert asyncio.get_event_loop().run_until_complete(known()) == {
        "ireland": "stream-of-ireland",
        "sydney": "stream-of-sydney",
        "tokyo": None,
    }
