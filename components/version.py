"""By what operators tell whether two regions run the same."""

import hashlib
from collections.abc import Iterable

from components.packages import Package

_DIGITS = 12


def digest(texts: Iterable[str], packages: Iterable[Package]) -> str:
    """Of all that a region runs: another schema, resolver or line of code gives another, and nothing else does."""
    parts = [f"text {text}".encode() for text in texts]
    parts += [f"file {name}\0".encode() + content for package in packages for name, content in package.contents()]
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:_DIGITS]
