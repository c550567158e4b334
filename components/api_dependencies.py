"""The API's Python dependencies as Lambda needs them: unpacked wheels for its platform, whatever this machine is."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from uv import find_uv_bin

from components import requirements_lock
from components.api_error import ApiError
from components.api_files import read_text

PYTHON_VERSION = "3.13"
PLATFORM = "x86_64-manylinux2014"

# What a requirement's marker may ask of Lambda.
_ENVIRONMENT = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{PYTHON_VERSION}.0",
    "python_version": PYTHON_VERSION,
    "sys_platform": "linux",
}

_LOCK_COMMAND = (
    ".venv/bin/uv pip compile --generate-hashes --no-emit-index-url --no-header --upgrade "
    f"--python-version {PYTHON_VERSION} --python-platform {PLATFORM} api/requirements.in -o api/requirements.txt"
)
# Scripts name this machine's interpreter, and installers leave notes of their own: neither is of use in Lambda.
_LEFT_OUT = ("bin", ".lock", "*.dist-info/RECORD", "*.dist-info/REQUESTED", "*.dist-info/INSTALLER", "**/__pycache__")


def bundle(api: Path, build: Path) -> Path:
    """A folder with the wheels that `requirements.txt` of `api` locks, unpacked; made once for each lock.

    Raises:
        ApiError: there is no lock, it lacks what `requirements.in` asks for, a line has no hash, or a package has no
            wheel for Lambda's platform.
    """
    lock = api / "requirements.txt"
    locked = _locked(api / "requirements.in", lock)
    digest = hashlib.sha256(f"{locked}\0{PYTHON_VERSION}\0{PLATFORM}".encode()).hexdigest()
    target = build / "dependencies" / digest[:16]
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        # Made aside and moved in whole, so that an interrupted download is never taken for a bundle.
        with tempfile.TemporaryDirectory(dir=target.parent) as aside:
            made = Path(aside) / "made"
            made.mkdir()
            if locked.strip():
                _install(lock, made)
            _move_in(made, target)
    return target


def _locked(wanted: Path, lock: Path) -> str:
    locked = read_text(lock) if lock.exists() else ""
    if wanted.exists():
        if not lock.exists():
            raise ApiError([f"{lock} is missing: lock the API's dependencies with\n    {_LOCK_COMMAND}"])
        if unmet := list(requirements_lock.unmet(read_text(wanted), locked, _ENVIRONMENT)):
            raise ApiError(
                [f"{lock} is older than {wanted}: {'; '.join(unmet)}. Renew the lock with\n    {_LOCK_COMMAND}"]
            )
    return locked


def _move_in(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():  # otherwise another deployment was first, with the very same content
            raise


def _install(lock: Path, target: Path) -> None:
    command = [find_uv_bin(), "pip", "install", "--quiet", "--target", str(target)]
    command += ["--python-version", PYTHON_VERSION, "--python-platform", PLATFORM]
    command += ["--only-binary", ":all:", "--require-hashes", "--link-mode", "copy", "--requirements", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ApiError(
            [
                f"what {lock} locks cannot be bundled for Lambda (Python {PYTHON_VERSION}, {PLATFORM}):",
                done.stderr.strip(),
                f"If the lock is stale, renew it with\n    {_LOCK_COMMAND}",
            ]
        )
    for pattern in _LEFT_OUT:
        for path in list(target.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
