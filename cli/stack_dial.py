"""A region's dial in the text of a stack's file: changed in its place, so that all else stays as somebody wrote it."""

import copy
import re
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode

from cli import stack_file
from cli.errors import CommandError

WHOLE = 100
"""The dial of a region that takes all of its viewers; it needs no line."""

_REGIONS = "antipodes:regions"
_LINE_END = re.compile(r"[^\r\n]*")
_COMMA = re.compile(r"[ \t]*,[ \t]*")


class _Text:
    """A text to be changed between two places."""

    def __init__(self, text: str) -> None:
        self.text = text

    def of(self, node: Node) -> str:
        return self.text[node.start_mark.index : node.end_mark.index]

    def with_instead(self, begin: int, end: int, written: str) -> str:
        return f"{self.text[:begin]}{written}{self.text[end:]}"

    def line_begin(self, place: int) -> int:
        return max(self.text.rfind("\n", 0, place), self.text.rfind("\r", 0, place)) + 1

    def line_end(self, place: int) -> int:
        """Where the line ends, before the characters that end it."""
        match = _LINE_END.match(self.text, place)
        return match.end() if match else place

    def next_line(self, place: int) -> int:
        """Where the line after that of `place` begins."""
        end = self.line_end(place)
        return end + (len("\r\n") if self.text.startswith("\r\n", end) else len(self.text[end : end + 1]))

    @property
    def line_break(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"


def dial_of(name: str, text: str, key: str) -> int | None:
    """The dial that the file `name` gives the region; None for what is no number, which a deployment will refuse.

    Raises:
        CommandError: it has no such region.
    """
    place = _config(name, text, key)["config"][_REGIONS][key]
    dial = place.get("dial", str(WHOLE)) if isinstance(place, dict) else str(WHOLE)
    return int(dial) if isinstance(dial, str) and dial.isdecimal() else None


def with_dial(name: str, text: str, key: str, dial: int) -> str:
    """The text of the stack's file `name` in which the region takes `dial` percent of its viewers.

    No line changes but the region's own.

    Raises:
        CommandError: it has no such region, or has it in a form that is to be changed by hand.
    """
    before = _config(name, text, key)
    meant = copy.deepcopy(before)
    place = meant["config"][_REGIONS][key]
    place = dict(place) if isinstance(place, dict) else {"region": place}
    place.pop("dial", None)
    if dial != WHOLE:
        place["dial"] = str(dial)
    is_plain = not isinstance(before["config"][_REGIONS][key], dict)
    meant["config"][_REGIONS][key] = place["region"] if is_plain and dial == WHOLE else place
    edited = _edited(_Text(text), key, dial)
    if _parsed(edited) != meant:
        what = "without a dial" if dial == WHOLE else f"with dial: {dial}"
        raise CommandError(
            f"{name} has {key} in a form that this command does not change, such as an alias of another region's. "
            f"Write the region {what} by hand, then run antipodes up."
        )
    return edited


def _config(name: str, text: str, key: str) -> Any:
    """The file's document, all scalars as texts.

    Raises:
        CommandError: it has no such region.
    """
    try:
        # Texts alone: what they stand for is the engine's to say.
        document: Any = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts
    except yaml.YAMLError as error:
        raise CommandError(f"{name} is not YAML: {stack_file.fault(error)}") from None
    config = document.get("config") if isinstance(document, dict) else None
    regions = config.get(_REGIONS) if isinstance(config, dict) else None
    if not isinstance(regions, dict):
        raise CommandError(f"{name} has no regions. Write them as a mapping below {_REGIONS}, one a line.")
    if key not in regions:
        raise CommandError(f"{key!r} is no region of {name}. Name one of its keys: {', '.join(map(str, regions))}.")
    return document


def _parsed(text: str) -> Any:
    try:
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - likewise
    except yaml.YAMLError:
        return None


def _edited(text: _Text, key: str, dial: int) -> str:
    """The text with the dial; what it could not get right, it leaves wrong for its caller to see."""
    root = yaml.compose(text.text, yaml.SafeLoader)
    place = _value(_value(_value(root, "config"), _REGIONS), key)
    if isinstance(place, ScalarNode):
        return text.text if dial == WHOLE else _replaced(text, place, f"{{region: {text.of(place)}, dial: {dial}}}")
    if not isinstance(place, MappingNode):
        return text.text
    written = _value(place, "dial")
    if dial == WHOLE:
        return text.text if written is None else _without(text, place)
    if written is not None:
        return _replaced(text, written, str(dial))
    return _inserted(text, place, f"dial: {dial}")


def _value(node: Node | None, key: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _replaced(text: _Text, node: Node, written: str) -> str:
    return text.with_instead(node.start_mark.index, node.end_mark.index, written)


def _inserted(text: _Text, place: MappingNode, option: str) -> str:
    if place.flow_style:
        end = place.value[-1][1].end_mark.index
        return text.with_instead(end, end, f", {option}")
    name, value = place.value[0]
    end = text.line_end(value.end_mark.index)
    return text.with_instead(end, end, f"{text.line_break}{' ' * name.start_mark.column}{option}")


def _without(text: _Text, place: MappingNode) -> str:
    number = next(number for number, (name, _) in enumerate(place.value) if name.value == "dial")
    begin, end = place.value[number][0].start_mark.index, place.value[number][1].end_mark.index
    if not place.flow_style:
        return text.with_instead(text.line_begin(begin), text.next_line(end), "")
    if comma := _COMMA.match(text.text, end):
        return text.with_instead(begin, comma.end(), "")
    return text.with_instead(place.value[number - 1][1].end_mark.index if number else begin, end, "")
