"""Whether a deployed stack's regions hold what they must, and how far behind one another they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.clients import Clients
from ops.replication import Lag, measure
from ops.token import read_token

_REFUSALS = (ClientError, BotoCoreError)


@dataclass(frozen=True)
class Finding:
    """What one check saw; `remedy` is empty where all is well."""

    check: str
    seen: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        return not self.remedy


@dataclass(frozen=True)
class Verified:
    """`replication` is empty for a stack whose regions share no data."""

    findings: tuple[Finding, ...]
    replication: tuple[Lag, ...] = ()

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)


def verify(clients: Clients, outputs: Mapping[str, Any]) -> Verified:
    """Checks the stack that has these outputs. What is wrong comes as findings with remedies, not as exceptions."""
    findings = [_token(clients, outputs)]
    if "fanOut" in outputs:
        findings.append(_fan_out(clients, outputs))
    if outputs["data"] != "replicated":
        return Verified(tuple(findings))
    replication, lags = _replication(clients, outputs)
    return Verified((*findings, _replicas(clients, outputs), replication), tuple(lags))


def _token(clients: Clients, outputs: Mapping[str, Any]) -> Finding:
    """Each region's authorizer reads its own region's copy."""
    secret = outputs["tokenSecret"]
    values, wrong = {}, []
    for key, region in {secret["region"]: secret["region"], **outputs["regions"]}.items():
        try:
            values[key] = read_token(clients("secretsmanager", region), secret["name"])
        except _REFUSALS as error:
            wrong.append(f"{key}: {error}")
    primary = values.get(secret["region"])
    wrong += [f"{key} has another token than {secret['region']}" for key in values if values[key] != primary]
    return _finding(
        "token",
        f"the same in {', '.join(outputs['regions'])}",
        wrong,
        "Secrets Manager replicates within seconds. If it stays so, run antipodes refresh, then antipodes up.",
    )


def _fan_out(clients: Clients, outputs: Mapping[str, Any]) -> Finding:
    """What tells a region's subscribers of changes runs, and has nothing that it could not tell."""
    wrong = []
    for key, made in outputs["fanOut"].items():
        region = outputs["regions"][key]
        try:
            wrong += [f"{key}: {fault}" for fault in _fan_out_faults(clients, region, made)]
        except _REFUSALS as error:
            wrong.append(f"{key}: {error}")
    return _finding(
        "fan-out",
        f"every stream is read, no dead letters, in {', '.join(outputs['fanOut'])}",
        wrong,
        "A dead letter says why its change was not published: mend that, then delete it. For what is missing or "
        "off, run antipodes refresh, then antipodes up.",
    )


def _fan_out_faults(clients: Clients, region: str, made: Mapping[str, str]) -> Iterator[str]:
    mappings = clients("lambda", region).list_event_source_mappings(FunctionName=made["function"])
    if not mappings["EventSourceMappings"]:
        yield f"no stream leads to {made['function']}"
    for mapping in mappings["EventSourceMappings"]:
        result = mapping.get("LastProcessingResult", "")
        if mapping["State"] != "Enabled" or result.startswith("PROBLEM"):
            yield f"{mapping['EventSourceArn']} is {mapping['State']}, last result: {result or 'none'}"
    queue = clients("sqs", region).get_queue_attributes(
        QueueUrl=made["deadLetters"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    if letters := int(queue["Attributes"]["ApproximateNumberOfMessages"]):
        yield f"dead letters in {made['deadLetters']}: {letters}"


def _replicas(clients: Clients, outputs: Mapping[str, Any]) -> Finding:
    home = outputs["regions"][outputs["home"]]
    tables = [*outputs["tables"].values(), outputs["canaryTable"]]
    wrong = []
    for table in tables:
        try:
            described = clients("dynamodb", home).describe_table(TableName=table)["Table"]
        except _REFUSALS as error:
            wrong.append(f"{table}: {error}")
            continue
        status = {replica["RegionName"]: replica["ReplicaStatus"] for replica in described.get("Replicas", [])}
        status[home] = described["TableStatus"]
        wrong += [
            f"{table} in {key}: {status.get(region, 'no replica')}"
            for key, region in outputs["regions"].items()
            if status.get(region) != "ACTIVE"
        ]
    return _finding(
        "replicas",
        f"{len(tables)} tables, each active in {', '.join(outputs['regions'])}",
        wrong,
        "Wait for what is being made. For what is missing, run antipodes refresh, then antipodes up.",
    )


def _replication(clients: Clients, outputs: Mapping[str, Any]) -> tuple[Finding, list[Lag]]:
    try:
        lags = measure(clients, outputs["regions"], outputs["canaryTable"])
    except _REFUSALS as error:
        return Finding("replication", str(error), "Mend the canary table first; see replicas."), []
    finding = _finding(
        "replication",
        f"every write arrived, {len(lags)} ways" if lags else "one region, so nothing to replicate",
        [f"a write from {lag.writer} did not arrive in {lag.reader}" for lag in lags if lag.worst is None],
        "See AWS Health for DynamoDB in these regions. Writes are kept, and arrive when replication goes on.",
    )
    return finding, lags


def _finding(check: str, good: str, wrong: Sequence[str], remedy: str) -> Finding:
    return Finding(check, "; ".join(wrong), remedy) if wrong else Finding(check, good)
