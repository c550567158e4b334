"""What tells one version of the sandbox from another: a daemon goes on with the code that it was started with."""

import hashlib
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_CODE = (".py", ".js")


def digest(root: Path = _ROOT) -> str:
    """Of the sandbox's code, and of the packages that are locked in this checkout: another where any of it is."""
    files = [file for file in (root / "sandbox").rglob("*") if file.suffix in _CODE]
    found = hashlib.sha256()
    for file in sorted([*files, root / "requirements.lock"]):
        for part in (str(file.relative_to(root)).encode(), file.read_bytes()):
            found.update(hashlib.sha256(part).digest())
    return found.hexdigest()
