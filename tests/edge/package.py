"""The router's package as the program makes it, in a folder, and its cold start."""

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

ROUTER = Path(__file__).resolve().parents[2] / "edge" / "router"


def deploy(folder: Path, routes: dict[str, Any]) -> Path:
    """The router's files at the root, the table beside them."""
    for file in ROUTER.glob("*.py"):
        shutil.copy(file, folder)
    (folder / "routes.json").write_text(json.dumps(routes), encoding="utf-8")
    return folder


def cold_start(folder: Path) -> Any:
    """The module of the handler, as Lambda imports it."""
    spec = importlib.util.spec_from_file_location("handler", folder / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
