"""What tells one version of the sandbox from another: a daemon goes on with the code that it was started with."""

import hashlib
from importlib import metadata
from pathlib import Path

_HERE = Path(__file__).parent
_CODE = (".py", ".js")
_PACKAGES = ("ministack", "pulumi-aws")  # the emulator, and the resource types of the AWS provider


def digest(code: Path = _HERE) -> str:
    """Of the sandbox's code, and of the packages that most of it comes from: another where any of it is."""
    found = hashlib.sha256()
    for package in _PACKAGES:
        found.update(f"{package} {metadata.version(package)}\n".encode())
    for file in sorted(file for file in code.rglob("*") if file.suffix in _CODE):
        for part in (str(file.relative_to(code)).encode(), file.read_bytes()):
            found.update(hashlib.sha256(part).digest())
    return found.hexdigest()
