import asyncio
import importlib.util
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import pulumi
import pytest
from pulumi.runtime import rpc

from components import packages
from components.packages import Package, PackageError, all_files, edge_package, python_files, regional_package

THIS = f"python3.{sys.version_info.minor}"
OTHER = "python3.0"


def edge(folder: Path, extra: Mapping[str, str], runtime: str = OTHER) -> Package:
    return edge_package(folder, extra, runtime, folder / ".build")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "handler.py").write_text("x = 1\n")
    (tmp_path / "inner" / "other.py").write_text("y = 2\n")
    (tmp_path / "notes.md").write_text("not code")
    return tmp_path


def test_an_edge_package_has_the_sources_at_its_root_and_the_extra_texts(folder: Path) -> None:
    package = edge(folder, {"routes.json": "{}"})

    assert package.files == {"handler.py": "x = 1\n", "inner/other.py": "y = 2\n", "routes.json": "{}"}


def test_an_edge_package_holds_what_this_python_compiles_instead_where_it_is_that_of_the_runtime(folder: Path) -> None:
    files = edge(folder, {"routes.json": "{}"}, THIS).files

    assert set(files) == {"handler.pyc", "inner/other.pyc", "routes.json"}
    assert all(bytes_of(files[name]).startswith(importlib.util.MAGIC_NUMBER) for name in files if name != "routes.json")


def test_all_of_an_edge_package_but_bytecode_are_texts_so_that_the_state_keeps_them(folder: Path) -> None:
    source, compiled = (edge(folder, {"routes.json": "{}"}, runtime).archive().assets for runtime in (OTHER, THIS))

    assert all(isinstance(asset, pulumi.StringAsset) for asset in source.values())
    assert {name for name, asset in compiled.items() if isinstance(asset, pulumi.StringAsset)} == {"routes.json"}
    assert all(isinstance(asset, pulumi.FileAsset) for name, asset in compiled.items() if name != "routes.json")


def test_an_edge_package_over_the_limit_is_refused_with_its_size_and_largest_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "EDGE_ZIPPED_LIMIT", 2**20)
    noise = secrets.token_hex(2**20)  # hex digits compress to half: just over the limit

    with pytest.raises(PackageError, match=r"is 1\.\d MB zipped; Lambda@Edge takes at most 1 MB.*big\.txt"):
        edge(folder, {"big.txt": noise})


def test_the_limits_are_those_of_aws() -> None:
    assert (packages.EDGE_ZIPPED_LIMIT, packages.LAMBDA_UNPACKED_LIMIT) == (50 * 1024**2, 250 * 1024**2)


def test_a_regional_package_over_the_limit_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LAMBDA_UNPACKED_LIMIT", 8)

    with pytest.raises(PackageError, match=r"the package resolvers .* unpacked; Lambda takes at most"):
        regional_package("resolvers", python_files(folder))


@pytest.mark.parametrize("second", ["ulid/other.py", "ulid.py", "ulid/__init__.py"])
def test_two_sources_of_one_module_are_refused(second: str) -> None:
    with pytest.raises(PackageError, match="would hold ulid twice"):
        regional_package("resolvers", {"ulid/__init__.py": ""}, {second: ""})


def test_a_folder_without_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="holds no Python file"):
        python_files(tmp_path)


def test_every_file_that_python_could_not_import_is_refused_with_its_line(folder: Path) -> None:
    (folder / "handler.py").write_text("x = 1\ndef broken(:\n")
    (folder / "inner" / "other.py").write_bytes(b"\n\ny = '\0'\n")

    with pytest.raises(PackageError) as caught:
        edge(folder, {})

    handler, other = str(caught.value).splitlines()
    assert f"{folder / 'handler.py'}, line 2" in handler
    assert f"{folder / 'inner' / 'other.py'}, line 3: a NUL byte" in other


def test_a_packages_hash_does_not_depend_on_where_its_files_lie(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name, path in python_files(folder).items():
        (elsewhere / name).parent.mkdir(exist_ok=True)
        (elsewhere / name).write_bytes(path.read_bytes())

    assert hash_of(Package(python_files(folder))) == hash_of(Package(python_files(elsewhere)))


def test_what_python_compiled_here_is_no_part_of_a_package(tmp_path: Path) -> None:
    (tmp_path / "ulid" / "__pycache__").mkdir(parents=True)
    for name in ("ulid/__init__.py", "ulid/py.typed", "ulid/__pycache__/__init__.cpython-311.pyc"):
        (tmp_path / name).touch()

    assert [*all_files(tmp_path)] == ["ulid/__init__.py", "ulid/py.typed"]


def test_a_packages_hash_changes_with_a_name_and_with_a_content() -> None:
    hashes = {hash_of(Package({name: content})) for name in ("a.py", "b.py") for content in ("1", "2")}

    assert len(hashes) == 4


def test_the_size_zipped_does_not_depend_on_when_it_is_taken(folder: Path) -> None:
    package = edge(folder, {}, THIS)
    (folder / "handler.py").touch()

    assert edge(folder, {}, THIS).zipped_size() == package.zipped_size() > 0


def test_an_edge_packages_hash_depends_on_nothing_but_its_contents(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("handler.py", "inner/other.py"):
        (elsewhere / name).parent.mkdir(exist_ok=True)
        (elsewhere / name).write_bytes((folder / name).read_bytes())
    before = hash_of(edge(folder, {}, THIS))
    (elsewhere / "handler.py").touch()

    assert before == hash_of(edge(elsewhere, {}, THIS))
    (elsewhere / "handler.py").write_text("x = 2\n")
    assert before != hash_of(edge(elsewhere, {}, THIS))


def bytes_of(content: str | Path) -> bytes:
    return content.encode() if isinstance(content, str) else content.read_bytes()


def hash_of(package: Package) -> object:
    """What the SDK would send the engine, files by their content."""
    sent = asyncio.run(rpc.serialize_property(package.archive(), [], None))
    return tuple(
        (name, asset.get("text") or Path(asset["path"]).read_bytes()) for name, asset in sent["assets"].items()
    )
