"""Python compiled ahead: Lambda's file system is read-only, so that every cold start would compile all of it again."""

import importlib.util
import json
import marshal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

_RUNNING = f"python{sys.version_info.major}.{sys.version_info.minor}"
_UNCHECKED = 0b01  # PEP 552: found by a hash of the source instead of its time, and taken without a look at the source
_WITHOUT_DOCSTRINGS = 2
_WITHOUT_REFERENCES = 2  # later versions of marshal write what reference counts happen to be
# Lines stay, for whoever reads a traceback; columns would be a quarter of the package. No code can switch them off for
# itself, so that another process compiles: bare, for nothing of this one is to tell.
_WITHOUT_COLUMNS = [sys.executable, "-I", "-S", "-X", "no_debug_ranges", __file__]


def compiled(sources: Mapping[str, str], runtime: str) -> dict[str, bytes]:
    """What Python runs in place of `sources` (names in a package to texts), by its name: `handler.pyc`.

    The bytes follow from the sources alone. Empty unless this very Python is a final release of the version that
    `runtime` names, as Lambda does (`python3.13`): all of those know one another's bytecode, and no other does
    (CPython's own `test_importlib`, "MagicNumberTests").
    """
    if runtime != _RUNNING or sys.version_info.releaselevel != "final":
        return {}
    modules = {name: source for name, source in sources.items() if name.endswith(".py")}
    done = subprocess.run(_WITHOUT_COLUMNS, input=json.dumps(modules), stdout=subprocess.PIPE, text=True, check=True)
    return {f"{name}c": bytes.fromhex(content) for name, content in json.loads(done.stdout).items()}


def kept(content: bytes, folder: Path) -> Path:
    """A file in `folder` that holds `content`, and nothing else ever."""
    path = folder / f"{sha256(content).hexdigest()}.pyc"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Whoever finds the file finds it whole, even if several write it at once.
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as begun:
            begun.write(content)
        whole = Path(begun.name)
        whole.chmod(0o644)
        whole.replace(path)
    return path


def _compiled(name: str, source: bytes) -> bytes:
    # The name is the package's own: an absolute one would tell where this machine keeps the project.
    code = compile(source, name, "exec", dont_inherit=True, optimize=_WITHOUT_DOCSTRINGS)
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little") + importlib.util.source_hash(source)
    return header + marshal.dumps(code, _WITHOUT_REFERENCES)


if __name__ == "__main__":
    json.dump(
        {name: _compiled(name, source.encode()).hex() for name, source in json.load(sys.stdin).items()}, sys.stdout
    )
