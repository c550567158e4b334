"""Code packages of Lambda functions: which files, under which names, and within which size."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi

from components import bytecode, python_source

LAMBDA_UNPACKED_LIMIT = 250 * 2**20  # Lambda quotas, in the AWS Lambda Developer Guide
EDGE_ZIPPED_LIMIT = 50 * 2**20  # Quotas on Lambda@Edge, for origin requests, in the Amazon CloudFront Developer Guide

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: sizes must not depend on when they are taken


class PackageError(Exception):
    """A package that Lambda would refuse, or that would not hold what its handler needs."""


@dataclass(frozen=True)
class Package:
    """Names inside the package to contents: a text, or the file that holds them."""

    files: Mapping[str, str | Path]

    def archive(self) -> pulumi.AssetArchive:
        """What a function's `code` takes. Its hash follows from names and contents alone, not from where files lie."""
        return pulumi.AssetArchive(
            {
                name: pulumi.StringAsset(content) if isinstance(content, str) else pulumi.FileAsset(content)
                for name, content in sorted(self.files.items())
            }
        )

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file, by name."""
        for name, content in sorted(self.files.items()):
            yield name, _bytes(content)

    def unpacked_size(self) -> int:
        """In bytes."""
        return sum(map(_size, self.files.values()))

    def zipped(self) -> bytes:
        """Compressed as the engine compresses."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.contents():
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    def zipped_size(self) -> int:
        """In bytes."""
        return len(self.zipped())


def _bytes(content: str | Path) -> bytes:
    return content.encode() if isinstance(content, str) else content.read_bytes()


def _size(content: str | Path) -> int:
    return len(content.encode()) if isinstance(content, str) else content.stat().st_size


def python_files(folder: Path, under: str = "") -> dict[str, Path]:
    """The Python files of `folder` and its folders, by their names in a package, below `under`.

    Raises:
        PackageError: there are none, or Python could not import one; with every such file.
    """
    files = {f"{under}{path.relative_to(folder).as_posix()}": path for path in sorted(folder.rglob("*.py"))}
    if not files:
        raise PackageError(
            f"{folder} holds no Python file, so there is nothing to deploy: write it, or restore the folder."
        )
    if faults := list(python_source.faults(files.values())):
        raise PackageError("\n".join(faults))
    return files


def all_files(folder: Path) -> dict[str, Path]:
    """Every file of `folder` and its folders, by its name in a package; but for what Python made of them here."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): path for path in files}


def edge_package(folder: Path, extra: Mapping[str, str], runtime: str, build: Path) -> Package:
    """The package of a Lambda@Edge function: what Python runs of the folder at its root, and `extra` texts.

    That is what this Python compiles of it, from files that it keeps in `build`, where it is that of `runtime`: a cold
    start then has nothing to compile. Where it is not, it is the sources. All texts go in as such, because the engine's
    state keeps those: a policy can read by what table an edge routes.

    Raises:
        PackageError: it is larger than Lambda@Edge takes.
    """
    sources = {name: path.read_text(encoding="utf-8") for name, path in python_files(folder).items()}
    compiled = {
        name: bytecode.kept(content, build / "bytecode")
        for name, content in bytecode.compiled(sources, runtime).items()
    }
    package = Package({**(compiled or sources), **extra})
    _require(folder, package, package.zipped_size(), EDGE_ZIPPED_LIMIT, "Lambda@Edge takes at most", "zipped")
    return package


def regional_package(name: str, *parts: Mapping[str, str | Path]) -> Package:
    """The package of a regional function, of parts that must not overlap; `name` is what errors call it.

    Raises:
        PackageError: two parts hold files of one name, or it is larger than Lambda takes.
    """
    files: dict[str, str | Path] = {}
    for part in parts:
        for clash in _clashes(files, part):
            raise PackageError(
                f"the package {name} would hold {clash} twice, from two sources: rename the file, or the "
                "top-level folder or module, in api/ or among its requirements."
            )
        files.update(part)
    package = Package(files)
    _require(name, package, package.unpacked_size(), LAMBDA_UNPACKED_LIMIT, "Lambda takes at most", "unpacked")
    return package


def _clashes(files: Mapping[str, object], part: Mapping[str, object]) -> Iterator[str]:
    """Top-level names that both have: a module or package found twice hides one of the two."""
    yield from sorted({_top(name) for name in files} & {_top(name) for name in part})


def _top(name: str) -> str:
    return name.partition("/")[0].removesuffix(".py")


def _require(name: object, package: Package, size: int, limit: int, rule: str, how: str) -> None:
    if size > limit:
        largest = sorted(package.files, key=lambda each: _size(package.files[each]), reverse=True)[:3]
        raise PackageError(
            f"the package {name} is {size / 2**20:.1f} MB {how}; {rule} {limit // 2**20} MB. "
            f"Take something out; its largest files are {', '.join(largest)}."
        )
