"""The language of JavaScript runtime 2.0, of which QuickJS takes much more: what CloudFront would refuse is refused.

ECMAScript 5.1 with const, let, async, await, arrow functions, rest parameters and template literals ("JavaScript
runtime 2.0 features for CloudFront Functions", "Core features"). The code is read by its tokens, not parsed: this
catches the syntax that people write, each by its name, and not every program that CloudFront would not take.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

_IMPORT = re.compile(
    r"""^[ \t]*import\s+(?P<name>[\w$]+)\s+from\s+(?P<quote>['"])cloudfront(?P=quote)[ \t]*;?""", re.MULTILINE
)
# What may hold anything: comments, strings, templates, and regular expressions, which begin where an expression does.
_OPAQUE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`"""
    r"""|(?<=[(,=:\[!&|?{};\n])[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/[a-z]*""",
    re.DOTALL,
)
_UNSUPPORTED = {
    "classes": r"\bclass\s+[\w$]+\s*(?:extends\b[^{]*)?\{",
    "for...of": r"\bfor\s*(?:await\s*)?\(\s*(?:const|let|var)?\s*[\w$]+\s+of\b",
    "optional chaining (?.)": r"\?\.(?!\d)",
    "nullish coalescing (??)": r"\?\?",
    "destructuring": r"\b(?:const|let|var)\s*[\[{]",
    "spread": r"\.\.\.(?![\w$]+\s*\)\s*(?:=>|\{))",
    "generators": r"\bfunction\s*\*|\byield\b",
    "import": r"\bimport\b",
    "export": r"\bexport\b",
    "async closures": r"\basync\s*(?:\(|[\w$]+\s*=>|function\s*\()",
    "with": r"\bwith\s*\(",
}


class UnsupportedError(Exception):
    """CloudFront would not take the code; the text names what, and the line."""


@lru_cache(maxsize=16)
def without_imports(code: str) -> str:
    """The code with its import of the module `cloudfront` bound to the sandbox's.

    Raises:
        UnsupportedError: see there.
    """
    bound = _IMPORT.sub(r"const \g<name> = globalThis.cloudfront;", code)
    for name, line in _unsupported(_OPAQUE.sub(_blank, bound)):
        raise UnsupportedError(f"line {line}: CloudFront's JavaScript runtime 2.0 has no {name}")
    return bound


def _unsupported(code: str) -> Iterator[tuple[str, int]]:
    for name, pattern in _UNSUPPORTED.items():
        found = re.search(pattern, code)
        if found:
            yield name, code.count("\n", 0, found.start()) + 1


def _blank(match: re.Match[str]) -> str:
    return '""' + "\n" * match[0].count("\n")
