"""A stack's file as it can be previewed by whoever has not the key of its secrets: a pull request has none."""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

PLACEHOLDER = "placeholder"
_OF_KEY = {"encryptionsalt", "encryptedkey", "secretsprovider"}  # which no other key may open


@dataclass(frozen=True)
class Opened:
    """A stack's file without what its key alone can open.

    Attributes:
        text: the file, with a placeholder for each secret.
        secrets: the paths of the secrets, as `pulumi config set --path` takes them, for the engine to keep secret.
    """

    text: str
    secrets: tuple[str, ...]


def opened(text: str) -> Opened:
    """The stack's file `text` with placeholders; what is no YAML stays as it is, for the engine to refuse.

    All else keeps its very characters, since only the engine's own YAML parser knows what it will make of them.
    """
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        return Opened(text, ())
    cuts: list[tuple[int, int, str]] = []
    paths: list[str] = []
    for key, value in _entries(root):
        if key.value in _OF_KEY:
            cuts.append((key.start_mark.index, value.end_mark.index, ""))
        elif key.value == "config":
            for name, setting in _entries(value):
                for path, secret in _secrets(name.value, setting):
                    paths.append(path)
                    cuts.append(_cut(text, secret))
    for start, end, instead in sorted(cuts, reverse=True):
        text = text[:start] + instead + text[end:]
    return Opened(text, tuple(paths))


def _entries(node: Node | None) -> list[tuple[Node, Node]]:
    return node.value if isinstance(node, MappingNode) else []


def _secrets(path: str, node: Node) -> Iterator[tuple[str, MappingNode]]:
    """The secrets at and below a node of a stack's config."""
    match node:
        case MappingNode(value=[(ScalarNode(value="secure"), _)]):
            yield path, node
        case MappingNode(value=entries):
            for key, value in entries:
                yield from _secrets(f'{path}["{key.value}"]', value)
        case SequenceNode(value=members):
            for index, member in enumerate(members):
                yield from _secrets(f"{path}[{index}]", member)


def _cut(text: str, secret: MappingNode) -> tuple[int, int, str]:
    """From where to where the secret goes. One in block style ends for the parser where the next thing begins."""
    end = secret.end_mark.index if secret.flow_style else secret.value[0][1].end_mark.index
    return secret.start_mark.index, end, PLACEHOLDER + ("\n" if text[end - 1] == "\n" else "")
