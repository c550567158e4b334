import io
import zipfile
from pathlib import Path

import pytest

from sandbox.provider.archive import package, sha256
from sandbox.provider.resource import ResourceError
from tests.sandbox.provider.embedded_aws import STATIC_ARCHIVE, STATIC_ASSET, archive


def names_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_files_of_every_kind_of_asset_are_in_the_package(tmp_path: Path):
    (tmp_path / "one.py").write_text("1")
    folder = tmp_path / "lib"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "two.py").write_text("2")
    content = package(
        STATIC_ARCHIVE
        | {
            "assets": {
                "handler.py": STATIC_ASSET | {"text": "0"},
                "one.py": STATIC_ASSET | {"path": str(tmp_path / "one.py")},
                "lib": STATIC_ARCHIVE | {"path": str(folder)},
                "nested": STATIC_ARCHIVE | {"assets": {"three.py": STATIC_ASSET | {"text": "3"}}},
            }
        }
    )
    assert names_of(content) == {
        "handler.py": b"0",
        "lib/deep/two.py": b"2",
        "nested/three.py": b"3",
        "one.py": b"1",
    }


def test_the_same_files_give_the_same_bytes_whatever_their_order_and_age():
    assert package(archive(a_py="1", b_py="2")) == package(archive(b_py="2", a_py="1"))
    assert sha256(package(archive(a_py="1"))) != sha256(package(archive(a_py="2")))


def test_files_can_be_read_by_the_function_that_runs_them():
    with zipfile.ZipFile(io.BytesIO(package(archive(a_py="1")))) as file:
        assert file.infolist()[0].external_attr >> 16 == 0o100644


def test_a_zip_is_taken_as_it_is(tmp_path: Path):
    path = tmp_path / "ready.zip"
    path.write_bytes(package(archive(a_py="1")))
    assert package(STATIC_ARCHIVE | {"path": str(path)}) == path.read_bytes()


def test_a_missing_file_is_named(tmp_path: Path):
    missing = tmp_path / "missing.py"
    with pytest.raises(ResourceError, match=r"missing\.py"):
        package(STATIC_ARCHIVE | {"assets": {"a.py": STATIC_ASSET | {"path": str(missing)}}})


def test_code_from_elsewhere_is_refused():
    with pytest.raises(ResourceError, match=r"lib.*AssetArchive"):
        package(STATIC_ARCHIVE | {"assets": {"lib": STATIC_ARCHIVE | {"uri": "https://example.com/a.zip"}}})
