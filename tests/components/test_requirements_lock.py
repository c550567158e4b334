import pytest

from components.requirements_lock import unmet

LOCK = """\
# via uv
python-ulid==4.1.0 \\
    --hash=sha256:46992012
    # via -r api/requirements.in
typing.Extensions==4.15.0rc1 ; python_version < "3.14" \\
    --hash=sha256:7991ae0b
local @ https://example.com/local-1-py3-none-any.whl \\
    --hash=sha256:0a1b2c3d
"""
LAMBDA = {"sys_platform": "linux", "python_version": "3.13", "python_full_version": "3.13.0"}


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "# nothing yet\n\n",
        "python-ulid\n",
        "Python_ULID[pydantic] >=4,<5  # sortable\n",
        "python-ulid ==4.* \\\n    ; python_version >= '3.13'\n",
        "typing-extensions>=4\n",
        "local @ https://example.com/local-1-py3-none-any.whl\n",
        "colorama; sys_platform == 'win32'\n",
        "-r more.in\n./somewhere\n--pre\n",
    ],
)
def test_what_a_lock_holds_is_met(wanted: str) -> None:
    assert list(unmet(wanted, LOCK, LAMBDA)) == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("httpx\n", "httpx is not in it"),
        ("hash\n", "hash is not in it"),
        ("python-ulid>=5\n", "python-ulid>=5 is asked for, and 4.1.0 is in it"),
        ("python-ulid!=4.1.0", "python-ulid!=4.1.0 is asked for, and 4.1.0 is in it"),
        ("uvloop; sys_platform == 'linux'\n", 'uvloop; sys_platform == "linux" is not in it'),
    ],
)
def test_what_a_lock_lacks_is_told(wanted: str, said: str) -> None:
    assert list(unmet(f"typing-extensions\n{wanted}", LOCK, LAMBDA)) == [said]
