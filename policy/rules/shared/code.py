"""The code of functions, as far as the engine shows it: texts, not what lies in files."""

import pulumi

from .kinds import CLOUDFRONT_FUNCTION
from .known import UNKNOWN, Unknown
from .stack import Resource, once


@once
def texts(function: Resource) -> dict[str, str] | Unknown:
    """The text files of a Lambda function's package or of a CloudFront Function, by their names in it."""
    code: object = function.peek("code")
    if code is UNKNOWN:
        return UNKNOWN
    if isinstance(code, str):
        return {"index.js": code}
    return dict(_texts(code, ""))


def shows_handler(function: Resource) -> bool:
    """Whether the texts have the module that Lambda starts; if not, what the function does cannot be seen."""
    files = texts(function)
    if files is UNKNOWN:
        return False
    if function.kind == CLOUDFRONT_FUNCTION:
        return bool(files)
    handler: object = function.peek("handler")
    if not isinstance(handler, str):
        return bool(files)
    # A text by itself, without an archive around it, has no name.
    return any(name.rpartition(".")[0] in ("", handler.rpartition(".")[0]) for name in files)


def _texts(code: object, name: str) -> list[tuple[str, str]]:
    if isinstance(code, pulumi.StringAsset):
        return [(name, code.text)]
    if isinstance(code, pulumi.AssetArchive):
        return [found for inner, asset in code.assets.items() for found in _texts(asset, inner)]
    return []
