import importlib.util
import json
import marshal
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components import bytecode

ROOT = Path(__file__).resolve().parents[2]
THIS = f"python3.{sys.version_info.minor}"
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


@pytest.mark.parametrize("level", ["alpha", "beta", "candidate"])
def test_nothing_is_compiled_by_a_python_that_is_no_final_release(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", SimpleNamespace(releaselevel=level))

    assert bytecode.compiled(SOURCES, THIS) == {}


def test_each_python_file_is_compiled_and_nothing_else() -> None:
    assert set(bytecode.compiled(SOURCES, THIS)) == {"handler.pyc", "inner/__init__.pyc"}


def test_python_runs_what_is_compiled_without_any_source(tmp_path: Path) -> None:
    with zipfile.ZipFile(zipped(bytecode.compiled(SOURCES, THIS), tmp_path / "code.zip")) as archive:
        archive.extractall(tmp_path / "task")

    said = run("import handler; print(handler.said, handler.__file__)", PYTHONPATH=str(tmp_path / "task"))

    assert said == f"as the source has it {tmp_path}/task/handler.pyc"


def test_what_is_compiled_knows_its_lines_and_neither_columns_nor_docstrings() -> None:
    source = '"""Told to people."""\n\n\ndef handler(event):\n    """Likewise."""\n\n    return event["a"] + 1\n'
    content = bytecode.compiled({"handler.py": source}, THIS)["handler.pyc"]
    module: dict[str, Any] = {}
    exec(marshal.loads(content[16:]), module)  # noqa: S302, S102 - made here
    handler = module["handler"]

    assert 7 in {line for *_, line in handler.__code__.co_lines()}
    assert {(position[2], position[3]) for position in handler.__code__.co_positions()} == {(None, None)}
    assert (module.get("__doc__"), handler.__doc__) == (None, None)


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
    assert bytecode.compiled(SOURCES, THIS)["handler.pyc"][8:16] == importlib.util.source_hash(source)


def test_a_content_is_kept_once_and_whole(tmp_path: Path) -> None:
    first = bytecode.kept(b"one", tmp_path / "bytecode")
    modified = first.stat().st_mtime_ns

    assert bytecode.kept(b"one", tmp_path / "bytecode") == first
    assert bytecode.kept(b"two", tmp_path / "bytecode") != first
    assert (first.read_bytes(), first.stat().st_mtime_ns) == (b"one", modified)
    assert len([*(tmp_path / "bytecode").iterdir()]) == 2
