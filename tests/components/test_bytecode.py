import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from components import bytecode

ROOT = Path(__file__).resolve().parents[2]
THIS = f"python3.{sys.version_info.minor}"
TAG = sys.implementation.cache_tag
SOURCES = {
    "handler.py": "from inner import said\nNAMES = {'b', 'a', 'c'}\nassert 'a' in {'a', 'b'}\n",
    "inner/__init__.py": "said = 'as the source has it'\n",
    "routes.json": "{}",
}


def run(program: str, **environment: str) -> str:
    """What a Python says that has nothing of this process but its version."""
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def zipped(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("runtime", ["python3.0", "python3", "python2.7", "nodejs22.x", THIS + "1"])
def test_nothing_is_compiled_for_another_python(runtime: str) -> None:
    assert bytecode.compiled(SOURCES, runtime) == {}


def test_each_python_file_is_compiled_and_nothing_else() -> None:
    assert set(bytecode.compiled(SOURCES, THIS)) == {
        f"__pycache__/handler.{TAG}.pyc",
        f"inner/__pycache__/__init__.{TAG}.pyc",
    }


def test_python_runs_what_is_compiled_and_does_not_look_at_the_source(tmp_path: Path) -> None:
    compiled = bytecode.compiled(SOURCES, THIS)
    other = {**SOURCES, "inner/__init__.py": "said = 'as the source was changed to'\n"}
    files = {**{name: text.encode() for name, text in other.items()}, **compiled}
    with zipfile.ZipFile(zipped(files, tmp_path / "code.zip")) as archive:
        archive.extractall(tmp_path / "task")
    for path in (tmp_path / "task").rglob("*.py"):
        os.utime(path, (0, 0))
    (tmp_path / "task" / "inner" / "__pycache__").chmod(0o555)

    said = run("import handler; print(handler.said, handler.__cached__)", PYTHONPATH=str(tmp_path / "task"))

    assert said == f"as the source has it {tmp_path}/task/__pycache__/handler.{TAG}.pyc"


def test_the_same_sources_give_the_same_bytes_in_any_process_and_folder(tmp_path: Path) -> None:
    router = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "edge" / "router").glob("*.py")}
    (tmp_path / "sources.json").write_text(json.dumps({**SOURCES, **router}), encoding="utf-8")
    copy = tmp_path / "elsewhere" / "components"
    copy.mkdir(parents=True)
    shutil.copy(ROOT / "components" / "bytecode.py", copy)
    program = f"""
import json, hashlib, sys
from components import bytecode
# Something else first, so that the interpreter's own state is another one.
names = [sys.intern(name + "!") for name in {sorted(router)!r}]
compiled = bytecode.compiled(json.load(open({str(tmp_path / "sources.json")!r})), {THIS!r})
print(json.dumps({{name: hashlib.sha256(content).hexdigest() for name, content in compiled.items()}}))
"""
    here = {
        name: sha256(content).hexdigest() for name, content in bytecode.compiled({**SOURCES, **router}, THIS).items()
    }

    for folder, seed in ((ROOT, "0"), (copy.parent, "4711")):
        assert json.loads(run(program, PYTHONPATH=str(folder), PYTHONHASHSEED=seed)) == here


def test_what_is_compiled_tells_nothing_of_this_machine() -> None:
    for content in bytecode.compiled(SOURCES, THIS).values():
        assert str(ROOT).encode() not in content
        assert content[4:8] == (1).to_bytes(4, "little")
    source = SOURCES["handler.py"].encode()
    assert bytecode.compiled(SOURCES, THIS)[f"__pycache__/handler.{TAG}.pyc"][8:16] == importlib.util.source_hash(
        source
    )


def test_a_content_is_kept_once_and_whole(tmp_path: Path) -> None:
    first = bytecode.kept(b"one", tmp_path / "bytecode")
    modified = first.stat().st_mtime_ns

    assert bytecode.kept(b"one", tmp_path / "bytecode") == first
    assert bytecode.kept(b"two", tmp_path / "bytecode") != first
    assert (first.read_bytes(), first.stat().st_mtime_ns) == (b"one", modified)
    assert len([*(tmp_path / "bytecode").iterdir()]) == 2
