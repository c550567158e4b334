"""What a Lambda function is at one moment: its configuration and its unpacked code."""

import base64
import hashlib
import io
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import loopback
from sandbox.aws import Clients


class NotEmulatedError(Exception):
    """The function uses something of Lambda that the embedded AWS does not have; the message names it."""


@dataclass(frozen=True)
class Release:
    """One state of a function. Equal releases may share running instances."""

    arn: str
    name: str
    version: str
    role_arn: str
    handler: str
    runtime: str
    memory_mb: int
    timeout_seconds: int
    variables: tuple[tuple[str, str], ...]
    log_group: str
    log_format: str
    code: Path


def region_of(arn: str) -> str:
    return arn.split(":")[3]


def load(clients: Clients, arn: str, folder: Path) -> Release:
    """Reads the function from AWS and unpacks its code under `folder`, once for each content.

    Raises:
        NotEmulatedError: it cannot run here as it would on Lambda.
        botocore.exceptions.ClientError: there is no such function or version.
    """
    function = clients("lambda", region_of(arn)).get_function(FunctionName=arn)
    configuration = function["Configuration"]
    _require_emulated(configuration)
    logging = configuration.get("LoggingConfig", {})
    return Release(
        arn=arn,
        name=configuration["FunctionName"],
        version=configuration["Version"],
        role_arn=configuration["Role"],
        handler=configuration["Handler"],
        runtime=configuration["Runtime"],
        memory_mb=configuration["MemorySize"],
        timeout_seconds=configuration["Timeout"],
        variables=tuple(sorted(configuration.get("Environment", {}).get("Variables", {}).items())),
        log_group=logging.get("LogGroup", f"/aws/lambda/{configuration['FunctionName']}"),
        log_format=logging.get("LogFormat", "Text"),
        code=_unpacked(function["Code"]["Location"], configuration["CodeSha256"], folder),
    )


def _require_emulated(configuration: dict[str, Any]) -> None:
    lacking = []
    if not configuration.get("Runtime", "").startswith("python"):
        lacking.append(f"the runtime {configuration.get('Runtime', 'of a container image')}")
    if configuration.get("Layers"):
        lacking.append("layers")
    if lacking:
        raise NotEmulatedError(
            f"function {configuration['FunctionName']} uses {' and '.join(lacking)}, which the sandbox does not "
            "emulate: it runs zips with a Python runtime and no layers"
        )


def _unpacked(location: str, sha256: str, folder: Path) -> Path:
    digest = base64.b64decode(sha256)
    target = folder / digest.hex()
    if target.exists():
        return target
    with loopback.urlopen(location, timeout=30) as answer:
        package = answer.read()
    if hashlib.sha256(package).digest() != digest:
        raise NotEmulatedError(
            f"the code with SHA-256 {digest.hex()} is no longer to be had: of what was uploaded by way of S3 the "
            "sandbox keeps only the newest; upload the zip in the call itself"
        )
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder, prefix="partial-"))
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        archive.extractall(partial)
    try:
        partial.rename(target)
    except OSError:
        shutil.rmtree(partial)  # another thread unpacked the same code meanwhile
        if not target.exists():
            raise
    return target
