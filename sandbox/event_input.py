"""What an EventBridge target gets of an event: all of it, a part, a constant, or a template that is filled in.

Source: EventBridge User Guide, "Amazon EventBridge input transformation".
"""

import json
import re
from typing import Any

# A template's string literals are matched whole, so that a placeholder is known to stand inside one or not.
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|<[^<>]*>')
_PLACEHOLDER = re.compile(r"<([^<>]*)>")
_STEP = re.compile(r"\.(?P<name>[\w-]+)|\[(?P<index>\d+)\]|\['(?P<quoted>[^']+)'\]")
_MISSING = ""


class InvalidInputError(Exception):
    """A target's input is no JSON once it is filled in; EventBridge does not invoke the target."""


def target_input(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], received: str) -> Any:
    """The JSON value that a target is invoked with.

    Args:
        target: as ListTargetsByRule describes it.
        event: the whole event, as EventBridge delivers it.
        rule: as DescribeRule describes it.
        received: when EventBridge got the event, in ISO 8601.

    Raises:
        InvalidInputError: the filled template is no JSON.
    """
    if "Input" in target:
        return _parsed(target["Input"])
    if "InputPath" in target:
        return value_at(target["InputPath"], event)
    transformer = target.get("InputTransformer")
    if transformer is None:
        return event
    values = {name: value_at(path, event) for name, path in transformer.get("InputPathsMap", {}).items()}
    values |= {
        "aws.events.rule-name": rule["Name"],
        "aws.events.rule-arn": rule["Arn"],
        "aws.events.event.ingestion-time": received,
        "aws.events.event.json": event,
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
    }
    return _parsed(fill(transformer["InputTemplate"], values))


def value_at(path: str, event: Any) -> Any:
    """What a JSON path such as `$.detail.items[0].id` leads to; an empty text where it leads nowhere."""
    for step in _STEP.finditer(path):
        try:
            event = event[int(step["index"])] if step["index"] else event[step["name"] or step["quoted"]]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return event


def fill(template: str, values: dict[str, Any]) -> str:
    """A template with its `<name>`s replaced: by JSON where a value can stand, by text inside a string."""

    def inside(match: re.Match[str]) -> str:
        value = values.get(match[1], _MISSING)
        # As a part of a string: escaped, where the value is text; without its quotes, where it is an object or a list.
        return json.dumps(value)[1:-1] if isinstance(value, str) else json.dumps(value).replace('"', "")

    def outside(match: re.Match[str]) -> str:
        token = match[0]
        return _PLACEHOLDER.sub(inside, token) if token[0] == '"' else json.dumps(values.get(token[1:-1], _MISSING))

    return _TOKEN.sub(outside, template)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise InvalidInputError(f"not JSON: {text}") from None
