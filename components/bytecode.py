"""Python compiled ahead: Lambda's file system is read-only, so that every cold start would compile all of it again."""

import importlib.util
import marshal
import sys
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

_RUNNING = f"python{sys.version_info.major}.{sys.version_info.minor}"
_UNCHECKED = 0b01  # PEP 552: found by a hash of the source instead of its time, and taken without a look at the source
_WITHOUT_DOCSTRINGS = 2
_WITHOUT_REFERENCES = 2  # later versions of marshal write what reference counts happen to be


def compiled(sources: Mapping[str, str], runtime: str) -> dict[str, bytes]:
    """What Python would keep of `sources` (names in a package to texts) in their `__pycache__` folders, by its name.

    The bytes follow from the sources alone. Empty unless this very Python is of the version that `runtime` names, as
    Lambda does (`python3.13`): no other knows its bytecode.
    """
    if runtime != _RUNNING:
        return {}
    modules = {name: source.encode() for name, source in sources.items() if name.endswith(".py")}
    return {_cached_name(name): _compiled(name, source) for name, source in modules.items()}


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


def _cached_name(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc")


def _compiled(name: str, source: bytes) -> bytes:
    # The name is the package's own: an absolute one would tell where this machine keeps the project.
    code = compile(source, name, "exec", dont_inherit=True, optimize=_WITHOUT_DOCSTRINGS)
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little") + importlib.util.source_hash(source)
    return header + marshal.dumps(code, _WITHOUT_REFERENCES)
