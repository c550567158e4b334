"""`make mutants`: changes the router's functions in hundreds of small ways, and lists the changes that no test notices.

mutmut wants modules where they are imported from; so it works in a copy laid out as the router's package is.
A change that makes no difference is explained in tests/edge/mutants.md, under the very lines; any other is an error.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).resolve().parent.parent
ROUTER = ROOT / "edge" / "router"
TESTS = ROOT / "tests" / "edge"
EXPLAINED = TESTS / "mutants.md"
# Of the functions in JavaScript; or about the router, but so slow that each mutant would pay for it.
LEFT_OUT = (
    *("test_choices.py", "test_function_router.py", "test_place.py"),
    *("test_any_event.py", "test_every_city.py", "test_fuzzed_dns.py"),
)
SETTINGS = {
    "source_paths": [path.name for path in sorted(ROUTER.glob("*.py"))],
    "also_copy": ["tests"],
    "pytest_add_cli_args_test_selection": ["tests/edge"],
    "pytest_add_cli_args": ["-k", "not test_a_cold_start_imports_next_to_nothing"],  # but for mutmut's own
    "do_not_mutate_patterns": [r"raise (PausedError|ValueError)\("],  # whose texts nobody is told
    "timeout_multiplier": ["5"],  # of what the tests take without a mutant
}
# The same examples for each mutant, none made smaller when it fails; and nothing cached by the run without mutants.
CONFTEST = """
import pytest
import viewer
from hypothesis import Phase, settings

settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("mutants")


@pytest.fixture(autouse=True)
def _forget():
    viewer._place.cache_clear()
"""
# In mutmut's words. Of any other outcome, such as tests that cannot be collected, nothing can be said.
SURVIVED = ("survived", "no tests")
KILLED = ("killed", "timeout", "segfault")

Changes = dict[tuple[str, ...], set[str]]
"""A function and the lines that are changed in it -> the lines that stand there instead."""


def main() -> int:
    print("Changing the router's functions, one after the other: some ten minutes ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _lay_out(place)
        run = subprocess.run(
            [ROOT / ".venv/bin/mutmut", "run", "--max-children", str(os.cpu_count() or 1)],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        outcomes = dict(_outcomes(place / "mutants"))
        odd = Counter(outcome for outcome in outcomes.values() if outcome not in SURVIVED + KILLED)
        if run.returncode or odd or not outcomes:  # the tests fail without any mutant, say
            output = run.stdout.decode(errors="replace")
            print(re.sub(r"[^\n]*\r", "", output)[-8000:], file=sys.stderr)  # without mutmut's spinner
            print(f"No result: mutmut ended with {run.returncode}, and of {len(outcomes)} mutants {dict(odd)}.")
            return 1
        with contextlib.chdir(place):
            survivors = [_difference(name) for name, outcome in outcomes.items() if outcome in SURVIVED]
    survived = _grouped(survivors)
    explained = _grouped(
        [line.strip() for line in block.splitlines()]
        for block in re.findall(r"(?:^    .+\n)+", EXPLAINED.read_text(encoding="utf-8"), re.MULTILINE)
    )
    unexplained, gone = _without(survived, explained), _without(explained, survived)
    for title, changes in (("Not explained:", unexplained), ("Explained, but no longer there, or noticed:", gone)):
        for lines, instead in sorted(changes.items()):
            print(title, *lines, *sorted(instead), sep="\n    ", end="\n\n")
    print(
        f"{len(outcomes)} mutants: {len(outcomes) - len(survivors)} killed, {len(survivors)} survived; "
        f"{sum(map(len, unexplained.values()))} not explained, {sum(map(len, gone.values()))} explained in vain"
    )
    return 1 if unexplained or gone else 0


def _lay_out(place: Path) -> None:
    for path in ROUTER.glob("*.py"):
        shutil.copy(path, place)
    shutil.copytree(TESTS, place / "tests" / "edge", ignore=shutil.ignore_patterns("__pycache__", *LEFT_OUT))
    (place / "tests" / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    lines = [f"{key}=\n    " + "\n    ".join(values) for key, values in SETTINGS.items()]
    (place / "setup.cfg").write_text("\n".join(["[mutmut]", *lines]), encoding="utf-8")
    # Where tests look for the router's files, they find the mutants, too.
    (place / "mutants" / "edge").mkdir(parents=True)
    (place / "mutants" / "edge" / "router").symlink_to(place / "mutants")


def _outcomes(mutants: Path) -> Iterator[tuple[str, str]]:
    """Each mutant's name, and what became of it."""
    for meta in sorted(mutants.glob("*.meta")):
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield name, status_by_exit_code[code]


def _difference(name: str) -> list[str]:
    """Where a mutant differs, and the lines that it changes."""
    file = name.partition(".")[0] + ".py"
    function, owner = orig_function_and_class_names_from_key(name)
    lines = get_diff_for_mutant(name, path=file).splitlines()
    return [
        f"{file} {owner}.{function}" if owner else f"{file} {function}",
        *(f"{line[0]} {line[1:].strip()}" for line in lines if re.match(r"[-+](?![-+])", line)),
    ]


def _grouped(mutants: Iterable[list[str]]) -> Changes:
    changes: Changes = {}
    for lines in mutants:
        instead = {line for line in lines if line.startswith("+")}
        changes.setdefault(tuple(line for line in lines if line not in instead), set()).update(instead or {"+"})
    return changes


def _without(some: Changes, others: Changes) -> Changes:
    left = {lines: instead - others.get(lines, set()) for lines, instead in some.items()}
    return {lines: instead for lines, instead in left.items() if instead}


if __name__ == "__main__":
    sys.exit(main())
