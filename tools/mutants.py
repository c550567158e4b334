"""`make mutants`: changes the router's code in hundreds of small ways, and lists the changes that no test notices.

mutmut wants modules where they are imported from; so it works in a copy laid out as the router's package is.
A change that makes no difference is explained in tests/edge/mutants.md, under the very line; any other is an error.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUTER = ROOT / "edge" / "router"
TESTS = ROOT / "tests" / "edge"
EXPLAINED = TESTS / "mutants.md"
# Of the functions in JavaScript; or about the router, but so slow that each mutant would pay for it.
LEFT_OUT = (
    *("test_choices.py", "test_function_router.py", "test_place.py"),
    *("test_any_event.py", "test_every_city.py", "test_fuzzed_dns.py"),
)
OF_IMPORTS = "test_a_cold_start_imports_next_to_nothing"  # but for mutmut's own
SURVIVED = 0  # pytest's exit code when every test passed


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _lay_out(place)
        subprocess.run(
            [ROOT / ".venv/bin/mutmut", "run", "--max-children", str(os.cpu_count() or 1)],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=(place / "log").open("wb"),
            stderr=subprocess.STDOUT,
            check=False,
        )
        outcomes = dict(_outcomes(place / "mutants"))
        if None in outcomes.values() or not outcomes:  # the tests fail without any mutant, say
            print((place / "log").read_text(encoding="utf-8", errors="replace")[-4000:], file=sys.stderr)
            return 1
        survivors = [_difference(place, name) for name, code in outcomes.items() if code == SURVIVED]
    explained = EXPLAINED.read_text(encoding="utf-8")
    unexplained = [text for text in survivors if text not in explained]
    print("\n\n".join(unexplained))
    print(f"{len(outcomes)} mutants, {len(survivors)} survived, {len(unexplained)} of them unexplained")
    return 1 if unexplained else 0


def _lay_out(place: Path) -> None:
    names = [path.name for path in sorted(ROUTER.glob("*.py"))]
    for path in ROUTER.iterdir():
        if path.is_file():
            shutil.copy(path, place)
    shutil.copytree(TESTS, place / "tests" / "edge", ignore=shutil.ignore_patterns("__pycache__", *LEFT_OUT))
    settings = {
        "source_paths": names,
        "also_copy": ["tests"],
        "pytest_add_cli_args_test_selection": ["tests/edge"],
        "pytest_add_cli_args": ["-k", f"not {OF_IMPORTS}"],
    }
    lines = [f"{key}=\n    " + "\n    ".join(values) for key, values in settings.items()]
    # Where tests look for the router's files, they find the mutants, too.
    (place / "mutants" / "edge").mkdir(parents=True)
    (place / "mutants" / "edge" / "router").symlink_to(place / "mutants")
    (place / "setup.cfg").write_text("\n".join(["[mutmut]", *lines]), encoding="utf-8")


def _outcomes(mutants: Path) -> Iterator[tuple[str, int | None]]:
    """Each mutant's name, and the exit code of the tests that ran on it."""
    for meta in sorted(mutants.glob("*.meta")):
        yield from json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items()


def _difference(place: Path, name: str) -> str:
    """The changed lines, as they are written in the list of explained ones."""
    shown = subprocess.run(
        [ROOT / ".venv/bin/mutmut", "show", name], cwd=place, capture_output=True, text=True, check=True
    ).stdout
    changed = [line for line in shown.splitlines() if re.match(r"[-+](?![-+])", line)]
    return "\n".join([f"    {name.partition('.')[0]}.py", *(f"    {line}" for line in changed)])


if __name__ == "__main__":
    sys.exit(main())
