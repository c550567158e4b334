"""The stack's config as the engine handed it over, whole, so that a key nobody asks for is noticed too."""

import json
from typing import Any

from pulumi.runtime import config as runtime_config


def read() -> dict[str, Any]:
    """Full keys (`antipodes:regions`) to values; what was an object or a list in the stack's file is one here."""
    # pulumi.Config answers for a key that one knows. The engine's map is in the environment when its own Python host
    # runs the program, and in the SDK when the Automation API does.
    values = {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}
    return {key: _decoded(value) for key, value in values.items()}


def secret_keys() -> frozenset[str]:
    """The full keys of what is encrypted in the stack's file, wholly or in part; `read` gives it decrypted."""
    told = (key for key in runtime_config.CONFIG.get() if runtime_config.is_config_secret(key))
    return frozenset([*runtime_config.get_config_secret_keys_env(), *told])


def _decoded(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value  # a text that only begins like JSON: the rules will say what they expect
