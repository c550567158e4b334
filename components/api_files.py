"""The texts of `api/`, read so that a file which is no text is named."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from components.api_error import ApiError


def read_text(path: Path) -> str:
    """What the file says.

    Raises:
        ApiError: it is a folder, is not UTF-8, or may not be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ApiError([f"{path} is not UTF-8 from its byte {error.start + 1} on: save it as UTF-8."]) from None
    except IsADirectoryError:
        raise ApiError([f"{path} is a folder, and a file is looked for there: move the folder away."]) from None
    except OSError as error:
        raise ApiError([f"{path} cannot be read: {error.strerror}. Mend that, and deploy again."]) from None


def read_yaml(path: Path) -> Any:
    """What the YAML file holds; None where it is empty.

    Raises:
        ApiError: it cannot be read, is not YAML, or a mapping in it has a key twice.
    """
    text = read_text(path)
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader that is stricter still
    # ValueError is what PyYAML lets through of a date or a number that is none.
    except (yaml.YAMLError, ValueError) as error:
        raise ApiError([f"{path}: {error}"]) from None


class _Loader(yaml.SafeLoader):
    """YAML wants the keys of a mapping unique; PyYAML takes the last one and says nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    problem = f"the key {key.value!r} is there twice: keep one of the two"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)
