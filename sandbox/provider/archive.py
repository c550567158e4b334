"""The deployment package of a Lambda function, made of a Pulumi archive."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.provider.resource import ResourceError
from sandbox.provider.wire import ARCHIVE, ASSET, signature

# The first moment that the zip format can name: equal content gives equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE_FILE = 0o100644 << 16


def package(archive: dict[str, Any]) -> bytes:
    """A zip whose bytes depend on nothing but the names and contents of the archive's files.

    Raises:
        ResourceError: a file does not exist, or the archive is of a kind that the sandbox does not read.
    """
    if signature(archive) == ARCHIVE and str(archive.get("path", "")).endswith(".zip"):
        return _read(Path(archive["path"]))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in sorted(_files(archive, "")):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = _READABLE_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, data)
    return content.getvalue()


def sha256(content: bytes) -> str:
    """The hash as Lambda states it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def _files(value: dict[str, Any], name: str) -> Iterator[tuple[str, bytes]]:
    kind = signature(value)
    if kind == ASSET and "text" in value:
        yield name, str(value["text"]).encode()
    elif kind == ASSET and "path" in value:
        yield name, _read(Path(value["path"]))
    elif kind == ARCHIVE and "assets" in value:
        for inner, member in value["assets"].items():
            yield from _files(member, f"{name}/{inner}" if name else inner)
    elif kind == ARCHIVE and "path" in value and Path(value["path"]).is_dir():
        root = Path(value["path"])
        for path in root.rglob("*"):
            if path.is_file():
                inner = path.relative_to(root).as_posix()
                yield f"{name}/{inner}" if name else inner, _read(path)
    else:
        raise ResourceError(
            f"the code at {name or 'the root'} is of a kind that the embedded AWS does not read; "
            "use AssetArchive, FileArchive of a folder or a zip, FileAsset or StringAsset"
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ResourceError(f"the file {path} of the code cannot be read: {error.strerror}") from error
