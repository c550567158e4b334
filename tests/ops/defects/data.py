"""Defects of tables, their streams, and what reads them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from tests.ops.defects.defect import Defect, Plant, Stack

_KEY = "sydney"


@contextmanager
def no_replica(stack: Stack) -> Iterator[None]:
    """Of the canary table, which no stream leads from."""
    home, table = stack.client("dynamodb", stack.outputs["home"]), stack.outputs["canaryTable"]
    region = {"RegionName": stack.outputs["regions"][_KEY]}
    home.update_table(TableName=table, ReplicaUpdates=[{"Delete": region}])
    try:
        yield
    finally:
        home.update_table(TableName=table, ReplicaUpdates=[{"Create": region}])


def no_table(stack: Stack) -> AbstractContextManager[None]:
    region, table = stack.outputs["regions"][_KEY], stack.outputs["tables"]["comments"]
    return stack.fault("table-lost", region=region, table=table)


def mapping(**other: Any) -> Plant:
    """One of Sydney's event source mappings with other settings."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        functions, name = stack.client("lambda", _KEY), stack.outputs["fanOut"][_KEY]["function"]
        old = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"][0]
        functions.update_event_source_mapping(UUID=old["UUID"], **other)
        try:
            yield
        finally:
            functions.update_event_source_mapping(
                UUID=old["UUID"], Enabled=True, FunctionResponseTypes=old["FunctionResponseTypes"]
            )

    return plant


@contextmanager
def no_mapping(stack: Stack) -> Iterator[None]:
    functions, name = stack.client("lambda", _KEY), stack.outputs["fanOut"][_KEY]["function"]
    old = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"][0]
    functions.delete_event_source_mapping(UUID=old["UUID"])
    try:
        yield
    finally:
        functions.create_event_source_mapping(
            FunctionName=name,
            EventSourceArn=old["EventSourceArn"],
            StartingPosition="LATEST",
            FunctionResponseTypes=old["FunctionResponseTypes"],
        )


@contextmanager
def dead_letter(stack: Stack) -> Iterator[None]:
    queue, url = stack.client("sqs", _KEY), stack.outputs["fanOut"][_KEY]["deadLetters"]
    queue.send_message(QueueUrl=url, MessageBody="{}")
    try:
        yield
    finally:
        queue.purge_queue(QueueUrl=url)


DEFECTS = (
    Defect("a replica that is gone", no_replica, "tables", _KEY, "antipodes-canary is not there"),
    Defect("a table that a region has lost", no_table, "tables", _KEY, "comments is not there"),
    Defect("a stream that is not read", mapping(Enabled=False), "fan-out", _KEY, "Disabled"),
    Defect(
        "batches that fail as a whole", mapping(FunctionResponseTypes=[]), "fan-out", _KEY, "ReportBatchItemFailures"
    ),
    Defect("a stream that leads nowhere", no_mapping, "fan-out", _KEY, "no stream of"),
    Defect("a dead letter", dead_letter, "dead letters", _KEY, "1 in", "why its change was not published"),
)
