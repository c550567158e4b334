from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.python_source import faults


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"x = 1\ndef broken(:\n", "line 2: invalid syntax"),
        (b"x = 1\n\nreturn x\n", "line 3: 'return' outside function"),
        (b"x = 1\ny = '\0'\n", "line 2: a NUL byte. Remove it."),
        ("# a\n# Bücher\n".encode("latin-1"), "line 2: not UTF-8. Save the file as UTF-8."),
        (b"# -*- coding: nonsense -*-\n", "line 1: unknown encoding: nonsense"),
    ],
)
def test_a_file_that_python_could_not_import_is_named_with_its_line(tmp_path: Path, source: bytes, said: str) -> None:
    path = tmp_path / "some.py"
    path.write_bytes(source)

    (fault,) = faults([path])

    assert f"{path}, {said}" in fault


def test_a_sound_file_has_no_fault_and_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text("raise SystemExit  # é\n", encoding="utf-8")

    assert list(faults([path])) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | st.text().map(str.encode))
def test_no_file_is_so_bad_that_it_cannot_be_explained(tmp_path: Path, source: bytes) -> None:
    path = tmp_path / "some.py"
    path.write_bytes(source)

    assert all(", line " in fault for fault in faults([path]))
