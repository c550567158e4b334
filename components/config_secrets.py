"""How a secret of the config gets into the stack's file: encrypted, but on `local`, where nothing is secret."""

from collections.abc import Mapping

import pulumi
import yaml

from components import stack_config
from components.config_error import PREFIX

_LOCAL = "local"
KEY = "originHeaders"


def advice(region: str, header: str) -> str:
    """What to write, or to run, for the stack at hand."""
    if pulumi.get_stack() == _LOCAL:
        return yaml.safe_dump({f"{PREFIX}{KEY}": {region: {header: "VALUE"}}}).rstrip()
    return f"# in a shell, which keeps it encrypted:\n# {_command(region, header)}"


def warn_of_plain_text(headers: Mapping[str, Mapping[str, str]]) -> None:
    """Warns where `headers` (region key -> name -> value) lie open in the stack's file; never shows a value."""
    if headers and pulumi.get_stack() != _LOCAL and f"{PREFIX}{KEY}" not in stack_config.secret_keys():
        region = next(iter(headers))
        pulumi.log.warn(
            f"{PREFIX}{KEY} is plain text in Pulumi.{pulumi.get_stack()}.yaml, and in the stack's history with each "
            f"update. Encrypt every value of it: {_command(region, next(iter(headers[region])))}"
        )


def _command(region: str, header: str) -> str:
    path = f'{PREFIX}{KEY}.{region}["{header}"]'
    return f"pulumi config set --stack {pulumi.get_stack()} --secret --path '{path}' VALUE"
