"""Which folder may import which: the architecture, held."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("api", "cli", "components", "edge", "geography", "ops", "policy", "region", "sandbox", "tests", "bench")
MAY_IMPORT = {
    "__main__.py": {"components"},
    "api": {"api"},
    # The policy pack says of itself what it asks and takes; a setting of its is refused as the program refuses its own.
    "cli": {"cli", "components", "geography", "ops", "policy", "sandbox"},
    "components": {"components", "geography"},
    "edge": set(),
    "geography": {"geography"},
    "ops": {"ops"},
    "policy": {"policy"},
    "region": set(),
    "sandbox": {"geography", "sandbox"},
}


def sources(place: str) -> Iterator[Path]:
    path = ROOT / place
    yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_a_folder_imports_only_what_the_architecture_allows(place: str):
    files = list(sources(place))
    assert files, f"{place} holds no Python file: the rule would hold of nothing"
    forbidden = set(FOLDERS) - MAY_IMPORT[place]

    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path)
        if name.partition(".")[0] in forbidden
    ]

    assert not found


def test_of_the_program_the_command_knows_only_how_config_is_refused():
    texts = [path.read_text(encoding="utf-8") for path in sources("cli")]
    known = {
        name for text in texts for name in re.findall(r"^from components[. ](?:import )?(\w+)", text, re.MULTILINE)
    }

    assert known == {"config_error", "config_policies"}
    assert not any(re.search(r"^ *import components", text, re.MULTILINE) for text in texts)


def test_only_the_command_knows_both_operations_and_sandbox():
    knowing = {
        path.relative_to(ROOT).parts[0]
        for place in MAY_IMPORT
        for path in sources(place)
        if {"ops", "sandbox"} <= {name.partition(".")[0] for name in imported(path)}
    }

    assert knowing <= {"cli"}


def test_the_program_is_short_enough_to_read_as_the_architecture():
    assert len((ROOT / "__main__.py").read_text(encoding="utf-8").splitlines()) < 100
