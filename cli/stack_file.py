"""The stack file of `local`, copied to where the engine may write into it."""

import re
from pathlib import Path
from typing import Any

import yaml

from cli.errors import CommandError

# The engine puts it into the copy when it makes the stack, and needs it there ever after.
_SALT = re.compile(r"^encryptionsalt: .*$", re.MULTILINE)


def copy(source: Path, folder: Path) -> None:
    """Copies the file as it stands, since only the engine's own YAML parser knows what it will make of it.

    Raises:
        CommandError: there is no such file, or the engine could not use it for this stack.
    """
    text = _read(source)
    _require_local(source.name, text)
    target = folder / source.name
    salt = _SALT.search(target.read_text(encoding="utf-8")) if target.exists() else None
    if salt and not _SALT.search(text):
        text = f"{text.rstrip()}\n{salt.group()}\n"
    target.write_text(text, encoding="utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CommandError(f"{path.name} is missing: it holds the stack's config. `git checkout {path.name}`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name} cannot be read as UTF-8 text: {error}") from None


def _require_local(name: str, text: str) -> None:
    """Curl and browsers find `.localhost` on this machine; any other domain would send the token out of it."""
    try:
        value: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CommandError(f"{name} is not YAML: {' '.join(str(error).split())}") from None
    config = value.get("config") if isinstance(value, dict) else None
    if not isinstance(config, dict):
        raise CommandError(f"{name} has no settings. Write them as a mapping below `config:`, one a line.")
    domain = config.get("antipodes:domain")
    if isinstance(domain, str) and not domain.endswith(".localhost"):
        raise CommandError(
            f"{name}: antipodes:domain is {domain}; on this machine the domain must end in .localhost, "
            "or viewers would look for it on the internet. Write: antipodes:domain: example.localhost"
        )
