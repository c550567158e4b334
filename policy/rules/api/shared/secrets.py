"""Secrets as the rules see them: the resources that hold one, what is marked as one, and texts that look like one."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ...shared import marks
from ...shared.kinds import API_KEY, CLUSTER, DATABASE
from ...shared.known import UNKNOWN
from ...shared.stack import Resource, Stack
from ...shared.verdict import label

SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
PARAMETER = "aws:ssm/parameter:Parameter"

# Nobody refers to these but for their secret.
_NOTHING_ELSE: Mapping[str, str] = {
    API_KEY: "key",
    "aws:iam/accessKey:AccessKey": "secret",
    "random:index/randomPassword:RandomPassword": "",
}
# These have other outputs that others refer to: ARNs, endpoints.
_AMONG_OTHERS: Mapping[str, str] = {
    SECRET_VERSION: "secretString",
    PARAMETER: "value",
    CLUSTER: "masterPassword",
    DATABASE: "password",
}

_SHORTEST = 12  # characters; what is shorter may stand in a text by chance
_SECRET_KEY = re.compile(r"pass|token|secret|key|credential", re.IGNORECASE)

# Forms that are made to be recognised. AWS's documentation writes EXAMPLE at the end of its keys.
_CREDENTIALS: Mapping[str, re.Pattern[str]] = {
    "an access key of AWS": re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b(?<!EXAMPLE)"),
    "an API key of AppSync": re.compile(r"\bda2-[a-z0-9]{26}\b"),
    "a JSON Web Token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/=]{40,}"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})\b"),
    "a key of Stripe": re.compile(r"\b[sr]k_live_[A-Za-z0-9]{20,}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}"),
}


class Secrets:
    """The secrets of a stack whose values the engine shows."""

    def __init__(self, stack: Stack) -> None:
        self._held = {value: holder for holder, value in _held(stack)}

    def told_by(self, text: str) -> str | None:
        """What secret the text holds, in words that do not tell it; None where there is none to be seen."""
        for value, holder in self._held.items():
            if value in text:
                return f"the secret of {label(holder)}"
        if isinstance(text, marks.Marked):
            return "what the program marks as secret"
        return _looks_like(text)


def referred_to(resource: Resource, key: str) -> list[Resource]:
    """The resources that the property refers to and nobody refers to but for their secret."""
    return resource.sources(key, *_NOTHING_ELSE)


def perhaps_referred_to(resource: Resource, key: str) -> list[Resource]:
    """The resources that the property refers to whose secret is not known, and may or may not be what it holds."""
    return [
        each
        for each in resource.sources(key, *_AMONG_OTHERS)
        if each.peek(_AMONG_OTHERS[each.kind]) is UNKNOWN and (each.kind != PARAMETER or _is_secure(each))
    ]


@lru_cache(4096)  # the regions have the same code, and it is long to search
def _looks_like(text: str) -> str | None:
    return next((what for what, form in _CREDENTIALS.items() if form.search(text)), None)


def _held(stack: Stack) -> Iterator[tuple[Resource, str]]:
    for kind, key in {**_NOTHING_ELSE, **_AMONG_OTHERS}.items():
        for holder in stack.of(kind):
            value = holder.peek(key) if key else None
            if isinstance(value, str) and (kind != PARAMETER or _is_secure(holder)):
                yield from ((holder, each) for each in _parts(value) if len(each) >= _SHORTEST)


def _parts(value: str) -> list[str]:
    """The secret texts of a secret: all of it, or those of its members that sound like it if it is a JSON object."""
    try:
        members = json.loads(value)
    except ValueError:
        return [value]
    if not isinstance(members, dict):
        return [value]
    return [each for key, each in members.items() if isinstance(each, str) and _SECRET_KEY.search(key)]


def _is_secure(parameter: Resource) -> bool:
    return bool(parameter.peek("type") == "SecureString")
