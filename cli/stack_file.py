"""A stack's file, copied to where the engine may write into it; `local`'s has rules of its own."""

import re
from pathlib import Path
from typing import Any

import yaml

from cli.errors import CommandError

_SECURE = re.compile(r"""^[^#]*?(?:^|[\s{,"'])secure["']?\s*:""")
_SECRETS_PROVIDER = ("encryptionsalt", "encryptedkey", "secretsprovider")
# The engine puts it into the copy when it makes the stack, and needs it there ever after.
_SALT = re.compile(r"^encryptionsalt: .*$", re.MULTILINE)


def copy(source: Path, folder: Path, *, local: bool = True) -> None:
    """Copies the file as it stands, since only the engine's own YAML parser knows what it will make of it.

    Raises:
        CommandError: there is no such file, or the engine could not use it for the stack `local`.
    """
    text = read(source)
    if local:
        _require_local(source.name, text)
    target = folder / source.name
    salt = _SALT.search(target.read_text(encoding="utf-8")) if target.exists() else None
    if salt:
        text = f"{text.rstrip()}\n{salt.group()}\n"
    target.write_bytes(text.encode())


def read(path: Path) -> str:
    """The text of a stack's file, with the line ends that it has.

    Raises:
        CommandError: there is none, or it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise CommandError(f"{path.name} is missing: it holds the stack's config. `git checkout {path.name}`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name} cannot be read as UTF-8 text: {error}") from None


def domain(path: Path) -> str:
    """The `antipodes:domain` of the file, for when there is no deployment left that would tell it.

    Raises:
        CommandError: the file does not say.
    """
    try:
        value: Any = yaml.load(read(path), yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts
    except yaml.YAMLError as error:
        raise CommandError(f"{path.name} is not YAML: {fault(error)}") from None
    config = value.get("config") if isinstance(value, dict) else None
    found = config.get("antipodes:domain") if isinstance(config, dict) else None
    if not isinstance(found, str) or not found:
        raise CommandError(
            f"{path.name} does not say whose functions to look for. Write: antipodes:domain: example.com"
        )
    return found


def lines_of_secrets(text: str) -> list[int]:
    """The numbers of the lines of a stack's file on which an encrypted value begins."""
    return [number for number, line in enumerate(text.splitlines(), 1) if _SECURE.match(line)]


def _require_local(name: str, text: str) -> None:
    """Curl and browsers find `.localhost` on this machine; any other domain would send the token out of it."""
    try:
        # Texts alone: what they stand for is the engine's to say.
        value: Any = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts
    except yaml.YAMLError as error:
        raise CommandError(f"{name} is not YAML: {fault(error)}") from None
    config = value.get("config") if isinstance(value, dict) else None
    if not isinstance(config, dict):
        raise CommandError(f"{name} has no settings. Write them as a mapping below `config:`, one a line.")
    _require_plain_text(name, text, value)
    domain = config.get("antipodes:domain")
    if isinstance(domain, str) and not domain.endswith(".localhost"):
        raise CommandError(
            f"{name}: antipodes:domain is {domain}; on this machine the domain must end in .localhost, "
            "or viewers would look for it on the internet. Write: antipodes:domain: example.localhost"
        )


def fault(error: yaml.YAMLError) -> str:
    """Where and what, without the lines and names of the file that PyYAML quotes: they may hold a secret."""
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return where + re.sub(r"'(?!<)[^']{2,}'", "'…'", what)


def _require_plain_text(name: str, text: str, value: dict[str, Any]) -> None:
    """Its backend is the sandbox's own, whose key no other command encrypts with."""
    lines = lines_of_secrets(text)
    found = [*(f"line {line}: secure" for line in lines), *(key for key in _SECRETS_PROVIDER if key in value)]
    if found:
        raise CommandError(
            f"{name} holds what was encrypted for another stack ({', '.join(found)}). On this machine nothing is "
            "encrypted, and no real secret belongs there. Write values as plain text, `key: value` in the place of "
            f"`key: {{secure: ...}}`, and remove the lines {', '.join(_SECRETS_PROVIDER)}."
        )
