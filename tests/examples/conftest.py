import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import pulumi_cli
from cli.project import HERE
from sandbox import folder
from tests.end_to_end.checkout import Checkout
from tests.examples.example import Example

_PORT = 25000
_SOURCE = HERE.root / "examples" / "events"
_BROWSERS = ("chromium", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("the example needs Node.js 20.19 or later: there is no node on PATH")
    return found


@pytest.fixture(scope="session")
def browser() -> str:
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip(f"the page needs a browser to be tested: none of {', '.join(_BROWSERS)} is on PATH")


@pytest.fixture(scope="session")
def example(node: str, tmp_path_factory: pytest.TempPathFactory) -> Example:
    """The example in this project, with the packages that its lock names."""
    lock, installed = _SOURCE / "package-lock.json", _SOURCE / "node_modules" / ".package-lock.json"
    made = Example(_SOURCE, {})
    with (tmp_path_factory.getbasetemp().parent / "npm.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # tests in other processes may need them too
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            made.run("npm", "ci", "--no-audit", "--no-fund")
    return made


@pytest.fixture(scope="module")
def deployed(example: Example, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    """The example as a user has it beside a stack that is up, configured and built."""
    found = pulumi_cli.find(HERE)
    assert found is not None, "`make test` builds the Pulumi CLI where there is none; so does: python -m cli.tools"
    os.environ["PATH"] = f"{found / 'bin'}{os.pathsep}{os.environ['PATH']}"
    checkout = Checkout.make(tmp_path_factory.mktemp("checkout") / "project", _PORT)
    try:
        checkout.done("up")
        made = Example(
            _copy(example.folder, checkout),
            {**checkout.environment(), "NODE_EXTRA_CA_CERTS": str(checkout.ca)},
        )
        made.run("npm", "run", "configure")
        made.run("npm", "run", "build")
        yield made
    finally:
        folder.stop(checkout.root / ".sandbox")


def _copy(source: Path, checkout: Checkout) -> Path:
    copy = checkout.root / "examples" / "events"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("node_modules", "dist", "public"))
    (copy / "node_modules").symlink_to(source / "node_modules")
    command = checkout.root / ".venv" / "bin" / "antipodes"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m cli "$@"\n')
    command.chmod(0o755)
    return copy
