"""Comparisons of a credential with a text that stands in the code, in Python or in JavaScript."""

import re
from functools import cache

_NAME = r"[A-Za-z_$][\w$]*"
_TEXT = r"""(?:"[^"\n]{4,}"|'[^'\n]{4,}'|`[^`$\n]{4,}`)"""

# The last name of what is compared: `event["authorizationToken"]`, `event.headers.authorization`, `token.strip()`.
_CREDENTIAL = (
    r"(?<![\w$])(?:\w*(?:token|authorization|passw(?:or)?d|secret|credential|api_?key|bearer))"
    r"""(?:["']?\s*[\])])*(?:\.(?:strip|lower|trim|encode|toLowerCase)\(\))*"""
)
_EQUALS = r"\s*(?:===?|!==?)\s*"
_CONSTANT = re.compile(
    rf"^[ \t]*(?:export\s+)?(?:const|let|var)?[ \t]*({_NAME})\s*=\s*({_TEXT})\s*;?\s*$", re.MULTILINE
)
_COMPARE = re.compile(r"(?:compare_digest|timingSafeEqual)\s*\(([^\n]*)\)")

# What credentials are compared with that is none: the names of types, of schemes and of what there may be.
_NO_CREDENTIALS = {"string", "undefined", "null", "none", "bearer", "basic", "object", "jwt", "number", "true", "false"}


@cache  # of pure text: compiling what it looks for takes longer than looking
def hard_coded(code: str) -> str | None:
    """The comparison of a credential with a text in the code, as it stands there; None where there is none."""
    constants = {name for name, text in _CONSTANT.findall(code) if _is_credential(text)}
    fixed = "|".join([_TEXT, *(rf"{re.escape(name)}(?![\w$.(\[])" for name in sorted(constants))])
    either_way = re.compile(
        rf"(?<!typeof )(?i:{_CREDENTIAL}){_EQUALS}({fixed})"
        rf"|(?:^|(?<=[\s(!,=]))({fixed}){_EQUALS}(?i:[\w$.\[\]\"']*?{_CREDENTIAL})",
        re.MULTILINE,
    )
    for match in either_way.finditer(code):
        if _is_credential(match[1] or match[2]):
            return match[0].strip()
    for match in _COMPARE.finditer(code):
        if any(_is_credential(text) for text in re.findall(rf"(?:^|[(,\s])b?({fixed})", match[1])):
            return match[0].strip()
    return None


def _is_credential(text: str) -> bool:
    """Whether a text in quotes, or the name of a constant, can be one."""
    return text.strip("\"'`").strip().lower() not in _NO_CREDENTIALS
