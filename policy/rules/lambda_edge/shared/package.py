"""The size of a function's package, as far as this machine can tell before it is uploaded."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pulumi

from ...shared.stack import Resource


@dataclass(frozen=True)
class PackageSize:
    """Zipped, in bytes.

    Attributes:
        at_least: what the parts that were measured come to.
        whole: whether those are all parts.
    """

    at_least: int
    whole: bool


def package_size(function: Resource) -> PackageSize:
    """By the texts and files that the program gives, else by what AWS says of a function that exists."""
    parts = [*_parts(function.peek("code"))]
    whole = None not in parts and not function.states("s3Key")
    told = function.output("sourceCodeSize")
    if not whole and isinstance(told, int):
        return PackageSize(told, whole=True)
    return PackageSize(sum(part for part in parts if part is not None), whole)


def _parts(code: Any) -> Iterator[int | None]:
    """The compressed size of each part; None for one that lies where this machine cannot see it."""
    if isinstance(code, pulumi.AssetArchive):
        for inner in code.assets.values():
            yield from _parts(inner)
    elif isinstance(code, pulumi.StringAsset):
        yield _compressed(code.text.encode())
    elif isinstance(code, pulumi.FileAsset):
        yield _read(Path(code.path), _compressed)
    elif isinstance(code, pulumi.FileArchive):
        yield _archive(Path(code.path))
    elif code is not None:
        yield None


def _archive(path: Path) -> int | None:
    if path.is_dir():
        return sum(_compressed(each.read_bytes()) for each in path.rglob("*") if each.is_file())
    return _read(path, len)


def _read(path: Path, measure: Callable[[bytes], int]) -> int | None:
    try:
        return measure(path.read_bytes())
    except OSError:
        return None


@lru_cache(256)  # whoever judges a stack after each change to it has the same files again
def _compressed(content: bytes) -> int:
    return len(zlib.compress(content))
