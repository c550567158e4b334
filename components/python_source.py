"""The Python files that are deployed, judged without being run."""

import platform
from collections.abc import Iterable, Iterator
from pathlib import Path


def faults(files: Iterable[Path]) -> Iterator[str]:
    """For each file that Python could not import: the line, what is wrong with it, and the remedy."""
    for path in files:
        source = path.read_bytes()
        try:
            source.decode("utf-8")
            if b"\0" in source:
                yield f"{path}, line {_line(source, source.index(0))}: a NUL byte. Remove it."
            else:
                # Not ast.parse, which lets a `return` stand outside of a function.
                compile(source, str(path), "exec", dont_inherit=True)
        except UnicodeDecodeError as error:
            yield f"{path}, line {_line(source, error.start)}: not UTF-8. Save the file as UTF-8."
        except SyntaxError as error:
            # The version, because what deploys may be older than what runs.
            yield f"{path}, line {error.lineno or 1}: {error.msg}, says Python {platform.python_version()}. Mend it."


def _line(source: bytes, position: int) -> int:
    return source.count(b"\n", 0, position) + 1
