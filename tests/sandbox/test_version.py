from pathlib import Path

from sandbox import version


def test_a_version_is_told_by_all_code_and_all_locked_packages(tmp_path: Path):
    files = [tmp_path / name for name in ("sandbox/daemon.py", "sandbox/appsync/javascript.js", "requirements.lock")]
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


def test_what_is_no_code_tells_no_version(tmp_path: Path):
    (tmp_path / "sandbox" / "__pycache__").mkdir(parents=True)
    (tmp_path / "requirements.lock").touch()
    before = version.digest(tmp_path)
    (tmp_path / "sandbox" / "__pycache__" / "daemon.cpython-311.pyc").touch()

    assert version.digest(tmp_path) == before
