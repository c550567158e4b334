from importlib import metadata
from pathlib import Path

import pytest

from sandbox import version


def test_a_version_is_told_by_all_code(tmp_path: Path):
    files = [tmp_path / name for name in ("daemon.py", "appsync/javascript.js")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a")
    told = [version.digest(tmp_path)]
    for file in files:
        file.write_text("b")
        told.append(version.digest(tmp_path))
    files[0].rename(files[0].with_name("service.py"))
    told.append(version.digest(tmp_path))

    assert len(set(told)) == len(told)


@pytest.mark.parametrize("package", ["ministack", "pulumi-aws"])
def test_a_version_is_told_by_the_emulator_and_the_providers_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
):
    before = version.digest(tmp_path)
    monkeypatch.setattr(metadata, "version", lambda name: "2.0" if name == package else "1.0")
    one = version.digest(tmp_path)
    monkeypatch.setattr(metadata, "version", lambda _: "1.0")

    assert len({before, one, version.digest(tmp_path)}) == 3


def test_what_is_no_code_tells_no_version(tmp_path: Path):
    before = version.digest(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "daemon.cpython-311.pyc").touch()

    assert version.digest(tmp_path) == before
