"""Whether a lock still is the lock of what was asked for."""

import re
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_COMMENT = re.compile(r"(^|\s)#.*$", re.MULTILINE)
_CONTINUED = re.compile(r"\\\r?\n")
_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:==|@)\s*([^\s;\\]+)", re.MULTILINE)


def unmet(wanted: str, locked: str, environment: dict[str, str]) -> Iterator[str]:
    """What is asked for and not locked.

    Args:
        wanted: the text of a `requirements.in`.
        locked: the text of the `requirements.txt` that was made of it.
        environment: the markers' variables (PEP 508) of where the packages will be used.
    """
    versions = {canonicalize_name(name): version for name, version in _LOCKED.findall(locked)}
    for requirement in _requirements(wanted):
        if requirement.marker and not requirement.marker.evaluate(environment):
            continue
        version = versions.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{requirement} is not in it"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement} is asked for, and {version} is in it"


def _requirements(text: str) -> Iterator[Requirement]:
    """Options and paths are left to the installer, which alone can tell what they stand for."""
    for line in _COMMENT.sub("", _CONTINUED.sub("", text)).splitlines():
        try:
            yield Requirement(line)
        except InvalidRequirement:
            continue
